// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;

/** The last byte that is queued in a pipe, seen without consuming any: on a clone, of which all but this byte is dropped unread. */
final class PipeTail {

    /** The pipe is empty. */
    static final int NONE = -1;

    private PipeTail() {}

    /** Returns the last byte, 0 to 255, or {@link #NONE}. */
    static int lastByte(int fdRead) throws IOException {
        try (PipePair clone = PipePair.ofCapacity(Pipes.capacityBytes(fdRead), "a clone of a pipe that is to be handed over");
                Fd nowhere = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_WRONLY, 0)) {
            long bytes = Pipes.tee(fdRead, clone.writeFd(), Integer.MAX_VALUE, SPLICE_F_NONBLOCK);
            if (bytes <= 0 || PipePair.moveAll(clone.readFd(), nowhere.number(), bytes - 1) < bytes - 1) {
                return NONE;
            }
            NativeMemory last = NativeMemory.nativeOrder(1);
            return PipeCalls.read(clone.readFd(), last, 0, 1) == 1 ? last.buffer().get(0) & 0xff : NONE;
        }
    }
}
