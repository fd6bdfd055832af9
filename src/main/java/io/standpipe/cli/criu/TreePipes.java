// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessEndedException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.ProcessTree;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pipes of a process and its descendants, as far as they matter to CRIU. */
final class TreePipes {

    /** Of so many pipes CRIU saves the contents, and of so many FIFOs. With one more its dump fails. */
    private static final int MOST_READABLE = 1024;

    private static final String ANONYMOUS = "pipe:[";
    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;

    private final int root;
    private final Set<String> readablePipes = new HashSet<>();
    private final Set<Map<String, Object>> readableFifos = new HashSet<>();
    private final List<Holder> packets = new ArrayList<>();
    private final List<Holder> packetFifos = new ArrayList<>();
    private boolean any;

    /** An fd of a process. */
    record Holder(int pid, int fd) {}

    private TreePipes(int root) {
        this.root = root;
    }

    /**
     * Looks at the processes, which may be running: an fd that is closed meanwhile is passed over.
     *
     * @throws ProcessEndedException if the root has ended
     */
    static TreePipes of(int root) throws StandpipeException {
        TreePipes pipes = new TreePipes(root);
        try {
            if (!ProcessStatus.isAlive(root)) {
                throw new ProcessEndedException(root, "there is no such process", null);
            }
            for (int pid : ProcessTree.of(root, ProcessCalls.pid()).members()) {
                for (int fd : FdTable.fds(pid)) {
                    pipes.look(pid, fd);
                }
            }
        } catch (IOException e) {
            throw Failures.of("the pipes of process " + root + " and its descendants", e);
        }
        return pipes;
    }

    private void look(int pid, int fd) throws IOException {
        try {
            String link = new String(ProcDirectory.link("/proc/" + pid + "/fd/" + fd), StandardCharsets.ISO_8859_1);
            if (link.startsWith(ANONYMOUS)) {
                int flags = FdTable.flags(pid, fd);
                if (isReadable(flags)) {
                    readablePipes.add(link);
                }
                if ((flags & Flags.oDirect()) != 0) {
                    packets.add(new Holder(pid, fd));
                }
                any = true;
                return;
            }
            Map<String, Object> fifo = link.startsWith("/") ? fifo(pid, fd) : null;
            if (fifo != null) {
                int flags = FdTable.flags(pid, fd);
                if (isReadable(flags)) {
                    readableFifos.add(fifo);
                }
                if ((flags & Flags.oDirect()) != 0) {
                    packetFifos.add(new Holder(pid, fd));
                }
                any = true;
            }
        } catch (NoSuchFileException e) {
            return; // It was closed since the listing.
        }
    }

    private static boolean isReadable(int flags) {
        return (flags & Flags.O_ACCMODE) != Flags.O_WRONLY;
    }

    /** Returns what identifies a FIFO, or null if the fd is of another file. */
    private static @Nullable Map<String, Object> fifo(int pid, int fd) throws IOException {
        Map<String, Object> inode = Files.readAttributes(Path.of("/proc/" + pid + "/fd/" + fd), "unix:mode,dev,ino");
        return inode.get("mode") instanceof Integer mode && (mode & TYPE) == FIFO ? inode : null;
    }

    /** Returns whether there are any. */
    boolean any() {
        return any;
    }

    /** Returns where anonymous pipes are in packet mode (O_DIRECT), which CRIU does not dump. */
    List<Holder> packets() {
        return packets;
    }

    /** @throws UnavailableException if there are more than CRIU dumps */
    void check() throws UnavailableException {
        check(readablePipes.size(), "pipes");
        check(readableFifos.size(), "FIFOs");
    }

    /** @throws UnavailableException if there is a FIFO that CRIU dumps by itself, and then cannot open with its flags */
    void checkForCriuAlone() throws UnavailableException {
        for (Holder holder : packetFifos) {
            throw new UnavailableException("descriptor " + holder.fd() + " of process " + holder.pid() + " is of a FIFO in packet mode (O_DIRECT),"
                    + " which CRIU dumps but cannot restore by itself; use standpipe criu dump, and standpipe criu restore");
        }
    }

    private void check(int readable, String what) throws UnavailableException {
        if (readable > MOST_READABLE) {
            throw new UnavailableException("process " + root + " and its descendants have the read ends of " + readable + " " + what
                    + ", and CRIU dumps " + MOST_READABLE + " at most: its dump would fail with 'OOM storing pipe';"
                    + " standpipe checkpoint saves any number, without the processes");
        }
    }
}
