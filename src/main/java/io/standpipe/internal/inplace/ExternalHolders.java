// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeHolderScan;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;



import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Who holds pipes of this process besides the numbers that were named: whoever it is would be cut off from another pipe. */
public final class ExternalHolders {

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int ownPid = ProcessCalls.pid();
    private final Map<PipeId, String> found = new HashMap<>();

    private ExternalHolders() {}

    /**
     * Looks for them.
     *
     * @param pipes the numbers of this process that were named, by the pipe that each has now
     */
    static ExternalHolders of(Map<PipeId, List<Integer>> pipes) throws StandpipeException {
        ExternalHolders holders = new ExternalHolders();
        try {
            Set<PipeId> undecided = new HashSet<>();
            for (Map.Entry<PipeId, List<Integer>> pipe : pipes.entrySet()) {
                String other = toldByPoll(pipe.getValue());
                if (other == null) {
                    undecided.add(pipe.getKey());
                } else {
                    holders.found.put(pipe.getKey(), other);
                }
            }
            BitSet named = new BitSet();
            pipes.values().forEach(numbers -> numbers.forEach(named::set));
            holders.look(undecided, named);
            return holders;
        } catch (StandpipeException e) {
            throw e;
        } catch (ErrnoException e) {
            throw Failures.of("a pipe of this process", e);
        } catch (IOException e) {
            throw new StandpipeException("cannot look who holds the pipes: " + e, e);
        }
    }

    /** A pipe of which only one end is here and which is not hung up has its other end elsewhere: no need to look. */
    private static String toldByPoll(List<Integer> numbers) throws ErrnoException {
        int any = 0;
        boolean reads = false;
        boolean writes = false;
        for (int number : numbers) {
            int mode = FdCalls.statusFlags(number) & Flags.O_ACCMODE;
            reads |= mode != Flags.O_WRONLY;
            writes |= mode != Flags.O_RDONLY;
            any = number;
        }
        if (reads && writes) {
            return null;
        }
        boolean alone = (PipeCalls.poll(any, 0) & (reads ? Flags.POLLHUP : Flags.POLLERR)) != 0;
        return alone ? null : (reads ? "its write end" : "its read end") + " is held elsewhere";
    }

    /**
     * Looks again while what is found is a child of this JVM on its way to its command, which drops them in a moment, or was one
     * and has dropped them by now.
     */
    private void look(Set<PipeId> pipes, BitSet named) throws IOException {
        long start = System.nanoTime();
        while (!pipes.isEmpty() && lookOnce(pipes, named) && System.nanoTime() - start < PATIENCE_NANOS) {
            found.keySet().removeAll(pipes);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns whether any of them is holding on for a moment only, or not any more. */
    private boolean lookOnce(Set<PipeId> pipes, BitSet named) throws IOException {
        List<PipeHolderScan.Holder> others = new ArrayList<>();
        PipeHolderScan holders = new PipeHolderScan(holder -> {
            PipeId inode = new PipeId(holder.dev(), holder.ino());
            if (pipes.contains(inode)) {
                others.add(holder);
                found.putIfAbsent(inode, List.of("its read end", "its write end", "it").get(holder.accessMode())
                        + " is held by process " + holder.pid() + ", descriptor " + holder.fd());
            }
        });
        for (PipeId pipe : pipes) {
            holders.want(Path.of("pipe:[" + Long.toUnsignedString(pipe.ino()) + "]"), pipe.ino());
        }
        holders.leaveOut(ownPid, named);
        holders.find();
        return others.stream().mapToInt(PipeHolderScan.Holder::pid).distinct().anyMatch(ForkedChild::is)
                || !others.stream().allMatch(PipeHolderScan::isStill);
    }

    /** Whether nobody was found. */
    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Who holds a pipe besides, as a part of a sentence; null if nobody was found. */
    String of(PipeId pipe) {
        return found.get(pipe);
    }
}
