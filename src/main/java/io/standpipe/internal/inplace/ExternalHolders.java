// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.proc.ProcDirectory;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds who holds pipes of this process besides its named fds: an external holder would be cut off from a new pipe. */
final class ExternalHolders {

    private static final long USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What the JDK starts children with: for a moment it has every fd that this JVM has. */
    private static final String SPAWN_HELPER = "jspawnhelper";

    private ExternalHolders() {}

    /**
     * Finds an external holder of each pipe.
     *
     * @param fdsByPipe the fds of this process that were named, by the pipe that each has now
     * @param limit of the wait for those who are about to leave, which is half a second where there is no timeout
     * @return who holds a pipe, as a part of a sentence; no entry for a pipe that nobody else holds
     */
    static Map<PipeId, String> find(Map<PipeId, List<Integer>> fdsByPipe, WaitLimit limit) throws StandpipeException {
        try {
            Map<PipeId, String> found = new HashMap<>();
            BitSet named = new BitSet();
            for (Map.Entry<PipeId, List<Integer>> pipe : fdsByPipe.entrySet()) {
                String holder = pollForHolder(pipe.getValue());
                if (holder != null) {
                    found.put(pipe.getKey(), holder);
                }
                pipe.getValue().forEach(named::set);
            }
            Map<PipeId, List<Integer>> undecided = new HashMap<>(fdsByPipe);
            undecided.keySet().removeAll(found.keySet());
            for (PipeHolderScan.Holder holder : scanUntilSettled(undecided, named, limit)) {
                found.putIfAbsent(holder.pipe(), describe(holder));
            }
            return found;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe of this process", e);
        } catch (IOException e) {
            throw Failures.of("cannot look who holds the pipes", e);
        }
    }

    /** Finds the holder of the other end where only one end is here: unless poll reports a hang-up, somebody has it open. */
    private static @Nullable String pollForHolder(List<Integer> fds) throws ErrnoException {
        boolean reads = false;
        boolean writes = false;
        for (int fd : fds) {
            int accessMode = FdCalls.statusFlags(fd) & Flags.O_ACCMODE;
            reads |= accessMode != Flags.O_WRONLY;
            writes |= accessMode != Flags.O_RDONLY;
        }
        if (reads && writes) {
            return null;
        }
        boolean isHungUp = (PipeCalls.poll(fds.get(0), 0) & (reads ? Flags.POLLHUP : Flags.POLLERR)) != 0;
        return isHungUp ? null : (reads ? "its write end" : "its read end") + " is held elsewhere";
    }

    private static String describe(PipeHolderScan.Holder holder) {
        return List.of("its read end", "its write end", "it").get(holder.accessMode())
                + " is held by " + holder.describe();
    }

    /** Scans again, for as long as the limit allows, while a holder is about to close the pipe or has closed it by now. */
    private static List<PipeHolderScan.Holder> scanUntilSettled(
            Map<PipeId, List<Integer>> pipes, BitSet named, WaitLimit limit) throws IOException {
        if (pipes.isEmpty()) {
            return List.of();
        }
        long startNanos = System.nanoTime();
        long mostNanos = limit.isTimed() ? limit.left(WaitLimit.FOREVER).toNanos() : USUAL_NANOS;
        List<PipeHolderScan.Holder> holders = scan(pipes, named);
        while (areLeaving(holders) && System.nanoTime() - startNanos < mostNanos) {
            WaitLimit.NONE.pause(PAUSE_NANOS, "others who hold the pipes"); // At the timeout those who are left count.
            holders = scan(pipes, named);
        }
        return holders;
    }

    private static List<PipeHolderScan.Holder> scan(Map<PipeId, List<Integer>> pipes, BitSet named) throws IOException {
        PipeHolderScan scan = new PipeHolderScan();
        for (Map.Entry<PipeId, List<Integer>> pipe : pipes.entrySet()) {
            byte[] link = ProcDirectory.link("/proc/self/fd/" + pipe.getValue().get(0));
            if (link[0] == '/') {
                scan.wantFifo(pipe.getKey(), link);
            } else {
                scan.want(pipe.getKey());
            }
        }
        scan.exclude(ProcessCalls.pid(), named);
        return scan.run().holders();
    }

    private static boolean areLeaving(List<PipeHolderScan.Holder> holders) {
        return holders.stream().mapToInt(PipeHolderScan.Holder::pid).distinct().anyMatch(ExternalHolders::isLeavingChild)
                || !holders.stream().allMatch(PipeHolderScan::isStillOpen);
    }

    /**
     * Returns whether a process is a child that the JDK has forked and that has not become its command yet. True also of a
     * process that has ended, and of a child that is ending: that gives up its program first, and its fds right after.
     */
    private static boolean isLeavingChild(int pid) {
        try {
            if (ProcessStatus.of(pid).parentPid() != ProcessCalls.pid()) {
                return false;
            }
            Path program = Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
            return program.equals(Files.readSymbolicLink(Path.of("/proc/self/exe")))
                    || program.getFileName().toString().equals(SPAWN_HELPER);
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
