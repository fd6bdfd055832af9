// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.procfs.ForkedChild;
import io.standpipe.procfs.PipeHolders;

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
final class OtherHolders {

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int ownPid = ProcessCalls.pid();
    private final Map<PipeInode, String> found = new HashMap<>();

    private OtherHolders() {}

    /**
     * Looks for them.
     *
     * @param pipes the numbers of this process that were named, by the pipe that each has now
     */
    static OtherHolders of(Map<PipeInode, List<Integer>> pipes) throws StandpipeException {
        OtherHolders holders = new OtherHolders();
        try {
            Set<PipeInode> undecided = new HashSet<>();
            for (Map.Entry<PipeInode, List<Integer>> pipe : pipes.entrySet()) {
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
    private void look(Set<PipeInode> pipes, BitSet named) throws IOException {
        long start = System.nanoTime();
        while (!pipes.isEmpty() && lookOnce(pipes, named) && System.nanoTime() - start < PATIENCE_NANOS) {
            found.keySet().removeAll(pipes);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns whether any of them is holding on for a moment only, or not any more. */
    private boolean lookOnce(Set<PipeInode> pipes, BitSet named) throws IOException {
        List<PipeHolders.Holder> others = new ArrayList<>();
        PipeHolders holders = new PipeHolders(holder -> {
            PipeInode inode = new PipeInode(holder.dev(), holder.ino());
            if (pipes.contains(inode)) {
                others.add(holder);
                found.putIfAbsent(inode, List.of("its read end", "its write end", "it").get(holder.accessMode())
                        + " is held by process " + holder.pid() + ", descriptor " + holder.fd());
            }
        });
        for (PipeInode pipe : pipes) {
            holders.want(Path.of("pipe:[" + Long.toUnsignedString(pipe.ino()) + "]"), pipe.ino());
        }
        holders.leaveOut(ownPid, named);
        holders.find();
        return others.stream().mapToInt(PipeHolders.Holder::pid).distinct().anyMatch(ForkedChild::is)
                || !others.stream().allMatch(PipeHolders::isStill);
    }

    /** Whether nobody was found. */
    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Who holds a pipe besides, as a part of a sentence; null if nobody was found. */
    String of(PipeInode pipe) {
        return found.get(pipe);
    }
}
