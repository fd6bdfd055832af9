// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.AccessMode;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.proc.ProcessTree;
import io.standpipe.internal.restore.Deviations;
import io.standpipe.internal.restore.ImageSource;
import io.standpipe.internal.restore.PidMapping;
import io.standpipe.internal.restore.PipeRefill;
import io.standpipe.internal.restore.SignalOwners;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Processes that CRIU has made and that do not run yet. What CRIU cannot restore of their pipes is put right then: the signals of all,
 * since only now these have an owner, and, of pipes that CRIU has made itself, the contents, the capacity, the owner and the packet mode.
 */
public final class RestoredTree implements AutoCloseable {

    private final PayloadSource source;
    private final List<Image.Process> saved;
    private final Map<Integer, Integer> pids;
    private final Deviations deviations = new Deviations(true);
    /** One copy for each open file description, by its objref. */
    private final Map<Integer, Copy> copies = new LinkedHashMap<>();

    private record Copy(Fd end, int savedFd, Image.Description description) {}

    private RestoredTree(PayloadSource source, int root, Path images) throws IOException {
        this.source = source;
        saved = source.processes();
        pids = restored(root, NamespacePids.read(images, saved));
    }

    /**
     * Puts right what CRIU cannot restore.
     *
     * @param root of the restored processes
     * @param directory from which CRIU restores
     * @return what differs, a sentence each; null if there is no image of Standpipe's
     */
    public static @Nullable List<String> putRight(int root, Path directory) throws StandpipeException {
        try {
            if (Files.notExists(directory.resolve(TreeCapture.IMAGE))) {
                return null;
            }
            Path images = directory.toRealPath();
            PayloadSource source =
                    ImageSource.path(images.resolve(TreeCapture.IMAGE).toRealPath()).open(ProgressTracker.NONE, WaitLimit.of(null));
            try (source; RestoredTree tree = new RestoredTree(source, root, images)) {
                if (!RestoreView.is(images)) {
                    DumpRecord.check(images);
                }
                tree.copyEnds();
                if (!RestoreView.is(images)) {
                    tree.refill();
                }
                tree.restoreSignals();
                return tree.deviations.all();
            }
        } catch (IOException e) {
            throw Failures.of("the pipes that CRIU has restored", e);
        }
    }

    /** Returns the pids of the restored processes by those that the image has. */
    private static Map<Integer, Integer> restored(int root, Map<Long, Integer> inNamespace) throws IOException {
        Map<Integer, Integer> made = new HashMap<>();
        for (int pid : ProcessTree.of(root, ProcessCalls.pid()).members()) {
            made.put(ProcessStatus.innermostPid(pid), pid);
        }
        Map<Integer, Integer> restored = new HashMap<>();
        inNamespace.forEach((before, inner) -> {
            Integer pid = made.get(inner);
            if (pid != null) {
                restored.put(before.intValue(), pid);
            }
        });
        return restored;
    }

    private void copyEnds() throws IOException {
        for (Image.Process process : saved) {
            Integer pid = pids.get(Task.pid(process));
            if (pid == null) {
                deviations.add("process " + process.pid() + " of the image is not among the restored ones");
                continue;
            }
            try (Fd pidfd = ProcessCalls.pidfdOpen(pid)) {
                for (Image.Descriptor descriptor : process.table().descriptors()) {
                    Image.Description description = descriptor.description();
                    if (!copies.containsKey(description.objref())) {
                        copies.put(description.objref(), new Copy(copy(pidfd, descriptor.fd(), process), descriptor.fd(), description));
                    }
                }
            }
        }
    }

    private static Fd copy(Fd pidfd, int fd, Image.Process process) throws StandpipeException, ErrnoException {
        try {
            return ProcessCalls.pidfdGetFd(pidfd.number(), fd);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF) {
                throw new StandpipeException("CRIU has restored no descriptor " + fd + " of process " + process.pid(), e);
            }
            throw e;
        }
    }

    private void refill() throws StandpipeException, ErrnoException {
        Map<Integer, Fd> ends = new LinkedHashMap<>();
        copies.values().forEach(copy -> ends.putIfAbsent(copy.description().pipeObjref(), copy.end()));
        try (PipeRefill refill = new PipeRefill(source, deviations)) {
            for (Map.Entry<Integer, Fd> each : ends.entrySet()) {
                Image.Pipe pipe = source.pipe(each.getKey());
                if (isConnected(pipe)) {
                    notRefilled(pipe);
                } else {
                    refill.refill(each.getValue(), pipe);
                }
            }
            refill.finish();
        }
        for (Copy copy : copies.values()) {
            if ((copy.description().flags() & Flags.oDirect()) != 0) {
                FdCalls.setStatusFlags(copy.end().number(), FdCalls.statusFlags(copy.end().number()) | Flags.oDirect());
            }
        }
    }

    /**
     * Returns whether processes outside of the restored ones have an end of a pipe again, as of the standard output of a container: what
     * was queued may have reached their predecessors, and what they have written is not to be lost.
     */
    private boolean isConnected(Image.Pipe pipe) throws ErrnoException {
        Copy reader = end(pipe, AccessMode.WRITE);
        Copy writer = end(pipe, AccessMode.READ);
        boolean read = pipe.external().read() && (reader != null ? pipe.isFifo() : isOpenBeyond(writer));
        boolean written = pipe.external().write() && (writer != null ? pipe.isFifo() : isOpenBeyond(reader));
        return read || written;
    }

    /** Returns an end of a pipe that has not this access mode alone. */
    private @Nullable Copy end(Image.Pipe pipe, AccessMode other) {
        return copies.values().stream()
                .filter(copy -> copy.description().pipeObjref() == pipe.objref() && copy.description().accessMode() != other)
                .findFirst().orElse(null);
    }

    /** Returns whether anybody has the other end than this one. */
    private static boolean isOpenBeyond(@Nullable Copy end) throws ErrnoException {
        return end != null && (PipeCalls.poll(end.end().number(), 0) & (Flags.POLLERR | Flags.POLLHUP)) == 0;
    }

    private void notRefilled(Image.Pipe pipe) {
        if (pipe.payloadBytes() > 0) {
            deviations.add("pipe " + pipe.objref() + ": processes outside of the dump have it, too: the " + pipe.payloadBytes()
                    + " bytes that were queued when it was saved are not put back, since their predecessors may have had them");
        }
    }

    private void restoreSignals() throws IOException {
        Map<Integer, Integer> groups = new HashMap<>();
        for (Image.Process process : saved) {
            Integer pid = pids.get(Task.pid(process));
            if (pid != null) {
                groups.put((int) process.processGroup(), ProcessStatus.of(pid).processGroup());
            }
        }
        SignalOwners owners = new SignalOwners(new PidMapping(pids, groups, true), deviations);
        for (Copy copy : copies.values()) {
            if (SignalOwners.hasSignals(copy.description())) {
                clearAsync(copy);
                owners.restore(copy.end(), copy.savedFd(), isOwnedAsSaved(copy, groups) ? withoutOwner(copy) : copy.description());
            }
        }
    }

    /** Returns whether CRIU has set the owner: in the name of the user who had set it, which this process would not. */
    private boolean isOwnedAsSaved(Copy copy, Map<Integer, Integer> groups) throws ErrnoException {
        Image.Owner owner = copy.description().owner();
        if (owner == null) {
            return false;
        }
        Integer id = (owner.type() == Image.Owner.Type.GROUP ? groups : pids).get((int) owner.id());
        int fd = copy.end().number();
        return id != null && FdCalls.signalOwner(fd).equals(new SignalOwner(owner.type().ordinal(), id))
                && FdCalls.signal(fd) == owner.signal();
    }

    private static Image.Description withoutOwner(Copy copy) {
        Image.Description all = copy.description();
        return new Image.Description(all.objref(), all.flags(), all.metNoWriter(), all.path(), null, all.pipeObjref());
    }

    /** O_ASYNC that CRIU has set by fcntl, for the fd of that time, takes effect for the saved fd when it is set anew. */
    private void clearAsync(Copy copy) throws ErrnoException {
        int fd = copy.end().number();
        FdCalls.setStatusFlags(fd, FdCalls.statusFlags(fd) & ~Flags.O_ASYNC);
        if ((FdCalls.statusFlags(fd) & Flags.O_ASYNC) != 0) {
            deviations.add("description " + copy.description().objref() + ": sends no signals, since CRIU has opened the FIFO with O_ASYNC,"
                    + " which has no effect in open, and cannot be set or cleared afterwards");
        }
    }

    @Override
    public void close() {
        copies.values().forEach(copy -> copy.end().close());
    }
}
