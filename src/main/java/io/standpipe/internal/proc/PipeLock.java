// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.BlockingCall;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A pipe that a thread keeps locked while it waits in splice from that pipe to something full, such as a socket that nobody reads.
 * FIONREAD, F_GETPIPE_SZ and tee wait for the lock, without end, and no signal ends that: only poll does without it.
 *
 * @param fd of the pipe in the process
 * @param link of that fd in /proc, by which other fds of the pipe are known
 */
public record PipeLock(int pid, int fd, String link) {

    /** Finds the pipes that threads of a process keep locked now; none if it may not be looked at. */
    public static List<PipeLock> of(int pid) {
        try {
            return of(pid, ThreadCall.of(pid));
        } catch (IOException e) {
            return List.of(); // It may not be looked at.
        }
    }

    /** Returns those that threads of a process keep locked, by the calls that these are in. */
    public static List<PipeLock> of(int pid, List<ThreadCall> calls) {
        List<BlockedCall> splices = calls.stream()
                .filter(call -> BlockingCall.of(call.number()) == BlockingCall.SPLICE)
                .map(BlockedCall::of)
                .filter(Objects::nonNull)
                .toList();
        if (splices.isEmpty()) {
            return List.of();
        }
        List<PipeLock> locks = new ArrayList<>();
        try (Fd pidfd = ProcessCalls.pidfdOpen(pid)) {
            for (BlockedCall splice : splices) {
                int input = splice.inputs().nextSetBit(0);
                if (hasBytes(pidfd, input) && !isPipe(pidfd, splice.outputs().nextSetBit(0))) {
                    locks.add(new PipeLock(pid, input, link(pid, input)));
                }
            }
        } catch (IOException e) {
            return locks; // It has ended, closed the fd, or may not be looked at.
        }
        return locks;
    }

    /** Returns the link of an fd, every byte of it. */
    public static String link(int pid, int fd) throws IOException {
        return new String(ProcDirectory.link("/proc/" + pid + "/fd/" + fd), StandardCharsets.ISO_8859_1);
    }

    /** Whether it waits for its output: of an input without bytes a splice waits for these, and does not lock the pipe. */
    private static boolean hasBytes(Fd pidfd, int fd) throws ErrnoException {
        try (Fd duplicate = ProcessCalls.pidfdGetFd(pidfd.number(), fd)) {
            return (PipeCalls.poll(duplicate.number(), Flags.POLLIN) & Flags.POLLIN) != 0;
        }
    }

    /** A splice that waits for room in another pipe does not lock the one that it takes bytes from. */
    private static boolean isPipe(Fd pidfd, int fd) throws ErrnoException {
        try (Fd duplicate = ProcessCalls.pidfdGetFd(pidfd.number(), fd)) {
            Pipes.capacityBytes(duplicate.number());
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADF) {
                return false;
            }
            throw e;
        }
    }

    /** Returns the reason why the pipe cannot be looked at, as a message. */
    public String describe() {
        return "descriptor " + fd + " of process " + pid + ": a thread there waits in splice from this pipe to something that is full,"
                + " and keeps the pipe locked meanwhile, so that nobody can look at it; once that is read from, it can be";
    }
}
