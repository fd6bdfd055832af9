// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.pipe.ErrnoException;
import io.standpipe.testkit.TestPipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Main class for {@link ExecTest}: makes two pipes, one holding "first" and one "second", and becomes a command.
 *
 * <p>Arguments: the signal mask in hexadecimal, how the read ends are handed over, the command's file, its arguments.
 */
final class BecomeCommand {

    /** The first pipe becomes descriptor 3 and the second 4: numbers that the JVM uses itself. */
    static final String AT_3_AND_4 = "at-3-and-4";

    /** Each gets the other's number. The two numbers, the first pipe's own first, end the command's arguments. */
    static final String CROSSED = "crossed";

    private BecomeCommand() {}

    public static void main(String[] arguments) throws ErrnoException {
        long mask = Long.parseUnsignedLong(arguments[0], 16);
        List<String> command = new ArrayList<>(List.of(arguments).subList(2, arguments.length));
        int first = TestPipe.holding("first").readFd();
        int second = TestPipe.holding("second").readFd();
        Map<Integer, Integer> descriptors = Map.of(3, first, 4, second);
        if (arguments[1].equals(CROSSED)) {
            descriptors = Map.of(first, second, second, first);
            command.addAll(List.of(Integer.toString(first), Integer.toString(second)));
        }
        Exec.become(command.get(0), command, descriptors, Set.of(0, 1, 2), mask, CommandSettings.NONE);
    }
}
