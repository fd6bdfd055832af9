// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.proc.SocketHolders.SocketFd;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.UnixSocket;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A Unix socket that is not in the kernel's list: since there is none, or since the socket is of another network namespace. */
final class UnlistedSocket {

    private static final int UNKNOWN = -1;

    private UnlistedSocket() {}

    /** Returns why a Unix socket's other end is unknown; null if it is no Unix socket, as far as can be seen. */
    static @Nullable String reason(int pid, long ino, UnixSockets sockets) throws IOException {
        if (!FdKind.isUnixSocket(pid, ino)) {
            return null;
        }
        return sockets.refusal() != null ? sockets.refusal()
                : hasOtherNetwork(pid) ? "it belongs to another network namespace: run standpipe there (nsenter --net --target " + pid + ")"
                : null;
    }

    private static boolean hasOtherNetwork(int pid) throws IOException {
        return !Arrays.equals(ProcDirectory.link("/proc/" + pid + "/ns/net"), ProcDirectory.link("/proc/self/ns/net"));
    }

    /** Measures one end by a duplicate of its fd. */
    static UnixSocket measure(SocketFd fd) throws IOException {
        try (Fd pidfd = ProcessCalls.pidfdOpen(fd.pid()); Fd duplicate = ProcessCalls.pidfdGetFd(pidfd.number(), fd.fd())) {
            boolean full = (PipeCalls.poll(duplicate.number(), Flags.POLLOUT) & Flags.POLLOUT) == 0;
            return UnixSocket.unlisted(fd.ino(), Pipes.queuedBytes(duplicate.number()), full);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
                throw e;
            }
            return UnixSocket.unlisted(fd.ino(), UNKNOWN, false); // The fd may not be duplicated.
        }
    }
}
