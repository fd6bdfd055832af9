// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.LiveActivity;
import io.standpipe.LiveActivity.Kind;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.proc.SocketHolders.SocketFd;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.UnixSocket;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds connected Unix sockets, what is queued in them, and who holds and waits at which end. */
public final class LiveSocketScan {

    private static final int LAST_STANDARD_STREAM = 2;

    /** @param unknown why the other end is unknown, or null */
    private record Found(UnixSocket first, @Nullable UnixSocket other, @Nullable String unknown) {}

    private final UnixSockets sockets = UnixSockets.now();
    private final ProcessNames names = new ProcessNames();
    private final List<Found> found = new ArrayList<>();
    private final Set<Long> met = new HashSet<>();

    private LiveSocketScan() throws StandpipeException {}

    /**
     * Finds the sockets of some processes that are standard streams, or in which bytes are queued, or at which a thread waits.
     *
     * @throws UnavailableException if this process may not look at one of them
     */
    public static List<LiveSocket> of(Collection<Integer> pids) throws StandpipeException {
        NativeLibrary.require();
        LiveSocketScan scan = new LiveSocketScan();
        for (int pid : pids) {
            TargetCheck.check(pid);
            try {
                for (SocketFd fd : SocketHolders.of(pid)) {
                    scan.addIfWanted(fd);
                }
            } catch (AccessDeniedException e) {
                throw new UnavailableException(
                        "process " + pid + ": its descriptors may not be looked at" + TraceRefusal.explain(pid), e);
            } catch (IOException e) {
                throw Failures.of("process " + pid + ": cannot look at its sockets", e);
            }
        }
        return scan.result();
    }

    /** Finds the sockets of all processes but this one in which bytes are queued, first the end at which they are to be read. */
    public static List<LiveSocket> withQueuedBytes() throws StandpipeException {
        NativeLibrary.require();
        LiveSocketScan scan = new LiveSocketScan();
        scan.sockets.all().stream()
                .filter(socket -> socket.queuedBytes() > 0 && UnixSockets.isConnected(socket))
                .sorted(Comparator.comparingLong(UnixSocket::ino))
                .forEach(scan::add);
        return scan.result().stream()
                .filter(socket -> socket.ends().stream().anyMatch(end -> !end.holders().isEmpty()))
                .toList();
    }

    private void addIfWanted(SocketFd fd) throws IOException {
        UnixSocket socket = sockets.of(fd.ino());
        boolean standard = fd.fd() <= LAST_STANDARD_STREAM;
        if (socket == null) {
            String reason = standard ? UnlistedSocket.reason(fd.pid(), fd.ino(), sockets) : null;
            if (reason != null && met.add(fd.ino())) {
                found.add(new Found(UnlistedSocket.measure(fd), null, reason));
            }
        } else if (UnixSockets.isConnected(socket) && (standard || isBusy(socket, fd))) {
            add(socket);
        }
    }

    /** Whether bytes are queued, or a thread waits. A named socket at which a thread waits for bytes is that of a server, and not stuck. */
    private boolean isBusy(UnixSocket socket, SocketFd fd) throws IOException {
        UnixSocket peer = sockets.peerOf(socket);
        if (socket.queuedBytes() > 0 || peer != null && peer.queuedBytes() > 0) {
            return true;
        }
        return isPair(socket, peer) && activity(socket, fd, ProcessActivity.of(ProcessStatus.of(fd.pid()))).isWaitingHere();
    }

    private static boolean isPair(UnixSocket socket, @Nullable UnixSocket peer) {
        return peer != null && !socket.named() && !peer.named();
    }

    private void add(UnixSocket socket) {
        UnixSocket peer = sockets.peerOf(socket);
        if (met.add(socket.ino()) && (peer == null || met.add(peer.ino()))) {
            String unknown = peer == null && socket.peer() != 0 ? "it belongs to another network namespace" : null;
            found.add(new Found(socket, peer, unknown));
        }
    }

    private List<LiveSocket> result() throws StandpipeException {
        try {
            Map<Long, List<SocketFd>> fds = SocketHolders.find(met);
            List<LiveSocket> result = new ArrayList<>();
            for (Found connection : found) {
                UnixSocket other = connection.other();
                List<LiveSocket.End> ends = new ArrayList<>(2);
                ends.add(end(connection.first(), fds));
                if (other != null) {
                    ends.add(end(other, fds));
                }
                result.add(new LiveSocket(isPair(connection.first(), other), ends, connection.unknown()));
            }
            return result;
        } catch (IOException e) {
            throw Failures.of("cannot look for the processes that have the sockets", e);
        }
    }

    private LiveSocket.End end(UnixSocket socket, Map<Long, List<SocketFd>> fds) throws IOException {
        List<LiveSocket.Holder> holders = new ArrayList<>();
        for (SocketFd fd : fds.getOrDefault(socket.ino(), List.of())) {
            LiveSocket.Holder holder = holder(socket, fd);
            if (holder != null) {
                holders.add(holder);
            }
        }
        return new LiveSocket.End(socket.ino(), socket.queuedBytes(), socket.isFullToPoll(), holders);
    }

    /** Returns null if the process has ended, or has closed the fd. */
    private LiveSocket.@Nullable Holder holder(UnixSocket socket, SocketFd fd) throws IOException {
        try {
            ProcessStatus status = ProcessStatus.of(fd.pid());
            return new LiveSocket.Holder(
                    names.name(status), fd.thread(), fd.fd(), FdTable.flags(fd.thread(), fd.fd()),
                    activity(socket, fd, ProcessActivity.of(status)));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ESRCH) {
                return null;
            }
            throw e;
        } catch (IOException e) {
            return null;
        }
    }

    /** A socket is read and written, so that the process may wait for either. */
    private static LiveActivity activity(UnixSocket socket, SocketFd fd, ProcessActivity process) throws IOException {
        int flags = FdTable.flags(fd.thread(), fd.fd()) & ~Flags.O_ACCMODE;
        boolean full = socket.isFullToPoll();
        LiveActivity writing = process.at(new ProcessActivity.End(fd.fd(), flags | Flags.O_WRONLY, full ? 1 : 0, full));
        LiveActivity reading = process.at(new ProcessActivity.End(fd.fd(), flags | Flags.O_RDONLY, socket.queuedBytes(), false));
        return writing.isWaitingHere() || writing.kind() == Kind.RUNS && !reading.isWaitingHere() ? writing : reading;
    }
}
