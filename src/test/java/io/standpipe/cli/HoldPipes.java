// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.bridge.Exec;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.PipeCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A main class that fills pipes, places their ends at chosen numbers, and becomes sleep. See {@link PipeHolder}. */
final class HoldPipes {

    private HoldPipes() {}

    /** @param args for each pipe: the read end's number or -, the write end's number or -, what is in it */
    public static void main(String[] args) throws Exception {
        Map<Integer, Integer> placement = new TreeMap<>();
        List<Fd> unwanted = new ArrayList<>();
        for (int i = 0; i < args.length; i += 3) {
            long ends = PipeCalls.pipe();
            Fd writeEnd = Fd.owning(PipeCalls.writeEnd(ends));
            Files.writeString(Path.of("/proc/self/fd/" + writeEnd.number()), args[i + 2]);
            place(args[i], Fd.owning(PipeCalls.readEnd(ends)), placement, unwanted);
            place(args[i + 1], writeEnd, placement, unwanted);
        }
        unwanted.forEach(Fd::close);
        Exec.become("/bin/sleep", List.of("sleep", "1000"), placement, Set.of(0, 1, 2), 0);
    }

    private static void place(String number, Fd end, Map<Integer, Integer> placement, List<Fd> unwanted) {
        if (number.equals("-")) {
            unwanted.add(end);
        } else {
            placement.put(Integer.valueOf(number), end.number());
        }
    }
}
