// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.util.ArrayList;
import java.util.List;

/**
 * The packet mode (O_DIRECT) of frozen processes' pipes. The plugin clears it, so that CRIU dumps them, and sets it again before anybody
 * runs: a writer that ran meanwhile would write packets without a boundary. If CRIU is killed in that time, this process sets it.
 */
final class PacketMode {

    /** Copies of the fds, which share their open file descriptions with the processes. */
    private final List<Fd> copies = new ArrayList<>();

    /**
     * Copies the fds of pipes in packet mode.
     *
     * @param root of the processes, all of which are frozen
     * @return where they are
     */
    synchronized List<TreePipes.Holder> copy(int root) throws StandpipeException {
        List<TreePipes.Holder> holders = TreePipes.of(root).packets();
        for (TreePipes.Holder holder : holders) {
            try (Fd pidfd = ProcessCalls.pidfdOpen(holder.pid())) {
                copies.add(ProcessCalls.pidfdGetFd(pidfd.number(), holder.fd()));
            } catch (ErrnoException e) {
                turnOn();
                throw Failures.of("the packet mode of descriptor " + holder.fd() + " of process " + holder.pid(), e);
            }
        }
        return holders;
    }

    /** Turns it on where it was on, and closes the copies; the second time does nothing. */
    synchronized void turnOn() {
        for (Fd copy : copies) {
            try (copy) {
                FdCalls.setStatusFlags(copy.number(), FdCalls.statusFlags(copy.number()) | Flags.oDirect());
            } catch (ErrnoException e) {
                throw new IllegalStateException("fcntl cannot fail for an open pipe", e);
            }
        }
        copies.clear();
    }
}
