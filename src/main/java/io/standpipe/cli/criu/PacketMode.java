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
 * The packet mode (O_DIRECT) of frozen processes' pipes, which is off while CRIU looks at them. A writer that ran meanwhile would write
 * packets without a boundary: so it is on again before anybody runs.
 */
final class PacketMode {

    /** Copies of the fds, which share their open file descriptions with the processes. */
    private final List<Fd> off = new ArrayList<>();

    /**
     * Turns it off.
     *
     * @param root of the processes, all of which are frozen
     */
    synchronized void turnOff(int root) throws StandpipeException {
        for (TreePipes.Holder holder : TreePipes.of(root).packets()) {
            try (Fd pidfd = ProcessCalls.pidfdOpen(holder.pid())) {
                Fd copy = ProcessCalls.pidfdGetFd(pidfd.number(), holder.fd());
                off.add(copy);
                FdCalls.setStatusFlags(copy.number(), FdCalls.statusFlags(copy.number()) & ~Flags.oDirect());
            } catch (ErrnoException e) {
                turnOn();
                throw Failures.of("the packet mode of descriptor " + holder.fd() + " of process " + holder.pid(), e);
            }
        }
    }

    /** Turns it on again where it was on; the second time does nothing. */
    synchronized void turnOn() {
        for (Fd copy : off) {
            try (copy) {
                FdCalls.setStatusFlags(copy.number(), FdCalls.statusFlags(copy.number()) | Flags.oDirect());
            } catch (ErrnoException e) {
                throw new IllegalStateException("fcntl cannot fail for an open pipe", e);
            }
        }
        off.clear();
    }
}
