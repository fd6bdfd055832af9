// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;

/** Finds out whether packets are queued in a pipe, on a clone of it: of a packet, a read of one byte discards the rest. */
public final class PacketProbe {

    private PacketProbe() {}

    /**
     * Returns whether one of the queued slots is a packet, if it has more than one byte; one byte is the same as a packet and as none.
     *
     * @param name of the pipe, for messages
     */
    public static boolean findsPackets(int fdRead, String name) throws StandpipeException, ErrnoException {
        NativeMemory memory = NativeMemory.nativeOrder(1);
        try (TeePipe clone = new TeePipe();
                PipePair slot = PipePair.ofOneSlot("a pipe for one slot");
                Fd nothing = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_WRONLY, 0)) {
            long left = clone.take(TeeBatch.By.READ_END, fdRead, name);
            while (left > 0) {
                long length = Pipes.splice(clone.readFd(), slot.writeFd(), left, SPLICE_F_NONBLOCK);
                if (length <= 0) {
                    return false;
                }
                PipeCalls.read(slot.readFd(), memory, 0, 1);
                if (length > 1 && Pipes.queuedBytes(slot.readFd()) == 0) {
                    return true;
                }
                PipePair.moveAll(slot.readFd(), nothing.number(), length - 1);
                left -= length;
            }
            return false;
        }
    }
}
