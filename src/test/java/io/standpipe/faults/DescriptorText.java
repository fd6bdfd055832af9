// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** All that there is to tell of open pipes, but their numbers and names, as text, so that they can be compared. */
final class DescriptorText {

    private DescriptorText() {}

    static String of(int... numbers) throws IOException {
        return of(Arrays.stream(numbers).boxed().toList());
    }

    static String of(List<Integer> numbers) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            int flags = FdCalls.statusFlags(number);
            Stat stat = Stat.of(number);
            text.append("flags ").append(Integer.toOctalString(flags));
            text.append(" mode ").append(Integer.toOctalString(stat.mode()));
            text.append(" uid ").append(stat.uid()).append(" capacity ").append(Pipes.capacityBytes(number));
            text.append(" signal ").append(FdCalls.signal(number));
            text.append(' ').append(FdCalls.signalOwner(number));
            if ((flags & Flags.O_ACCMODE) != Flags.O_WRONLY) {
                text.append(' ').append(SavedText.contents(Restore.fromBytes(PipesInPlace.of(number).toBytes())));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
