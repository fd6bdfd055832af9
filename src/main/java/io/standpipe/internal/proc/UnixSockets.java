// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.UnixSocket;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Unix sockets of this network namespace as the kernel lists them at one moment; none where it refuses that. */
public final class UnixSockets {

    private final Map<Long, UnixSocket> byInode = new HashMap<>();
    private final @Nullable String refusal;

    private UnixSockets(Collection<UnixSocket> sockets, @Nullable String refusal) {
        sockets.forEach(socket -> byInode.put(socket.ino(), socket));
        this.refusal = refusal;
    }

    /** Lists the sockets now. */
    public static UnixSockets now() throws StandpipeException {
        try {
            return new UnixSockets(UnixSocket.all(), null);
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case Errno.EPROTONOSUPPORT:
                case Errno.EAFNOSUPPORT:
                case Errno.EOPNOTSUPP:
                case Errno.ENOSYS:
                case Errno.ENOENT:
                    return new UnixSockets(List.of(), "the kernel does not list Unix sockets (CONFIG_UNIX_DIAG)");
                case Errno.EPERM:
                case Errno.EACCES:
                    return new UnixSockets(List.of(), "this user, or a seccomp profile, may not list Unix sockets");
                default:
                    throw Failures.of("cannot list the Unix sockets", e);
            }
        }
    }

    /** Returns why no socket is known; null if all of this network namespace are. */
    public @Nullable String refusal() {
        return refusal;
    }

    /** Returns all sockets. */
    public Collection<UnixSocket> all() {
        return byInode.values();
    }

    /** Returns the socket with an inode number; null if it is no Unix socket of this network namespace. */
    public @Nullable UnixSocket of(long ino) {
        return byInode.get(ino);
    }

    /** Returns the socket at the other end; null if there is none. A datagram socket may send to one that is not connected to it. */
    public @Nullable UnixSocket peerOf(UnixSocket socket) {
        UnixSocket peer = byInode.get(socket.peer());
        return peer != null && peer.peer() == socket.ino() ? peer : null;
    }

    /** Returns whether a socket is, or was, an end of a connection that carries a stream of bytes or packets. */
    public static boolean isConnected(UnixSocket socket) {
        return socket.state() == UnixSocket.CONNECTED
                && (socket.type() == UnixSocket.STREAM || socket.type() == UnixSocket.SEQPACKET);
    }
}
