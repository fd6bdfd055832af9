// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.TeeBatch;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pipe that holds a clone of what is in another pipe, made by one tee: an atomic snapshot, of which the source keeps every byte
 * ("c/r" v18 46/80, checkpoint_pipe). Takes one clone after another, each when the former has been moved on.
 */
public final class TeePipe implements AutoCloseable {

    private static final String WHAT = "a pipe to clone into";
    private static final String LEAVE_OUT = ": --leave-out PID:N (in the library, Checkpoint.leavingOut)";
    private static final long ALL = Integer.MAX_VALUE;

    private @Nullable PipePair pair;
    private int capacityBytes;
    private int sourceCapacityBytes;

    /**
     * Clones all that is in a pipe. A pipe smaller than the source would cut the clone short without an error: the source's
     * capacity is read after the tee, and the tee repeated with a larger pipe if need be.
     *
     * @param by which end of the source {@code fdIn} is
     * @param what names the source in messages
     * @return bytes cloned, 0 for an empty pipe
     */
    public long take(TeeBatch.By by, int fdIn, Object what) throws StandpipeException {
        try {
            while (true) {
                int clone = ofCapacity(0).writeFd();
                long clonedBytes = by == TeeBatch.By.READ_END
                        ? Math.max(0, Pipes.tee(fdIn, clone, ALL, SPLICE_F_NONBLOCK))
                        : takeByWriteEnd(fdIn, clone);
                sourceCapacityBytes = Pipes.capacityBytes(fdIn);
                if (sourceCapacityBytes <= capacityBytes) {
                    return clonedBytes;
                }
                ofCapacity(sourceCapacityBytes);
            }
        } catch (ErrnoException e) {
            throw refused(what, e);
        }
    }

    private static long takeByWriteEnd(int fdWrite, int clone) throws ErrnoException {
        TeeBatch tee = new TeeBatch(1);
        tee.set(0, TeeBatch.By.WRITE_END, fdWrite, clone);
        tee.take();
        return tee.lengthBytes(0);
    }

    /**
     * Clones all that is in a pipe of this process, which nobody else changes.
     *
     * @param fdIn the source's read end
     * @param knownCapacityBytes the source's capacity
     * @return bytes cloned
     */
    public long takeFrom(int fdIn, int knownCapacityBytes) throws StandpipeException {
        try {
            sourceCapacityBytes = knownCapacityBytes;
            return Pipes.tee(fdIn, ofCapacity(knownCapacityBytes).writeFd(), ALL, SPLICE_F_NONBLOCK);
        } catch (ErrnoException e) {
            throw refused("a clone", e);
        }
    }

    /** Returns the exception for a tee that failed. */
    public static StandpipeException refused(Object what, ErrnoException e) {
        // tee and splice take a notification pipe for no pipe at all; only write would fail with EXDEV.
        if (e.errno() == Errno.EINVAL) {
            return new UnavailableException(what + ": a notification pipe (O_NOTIFICATION_PIPE), which cannot be saved:"
                    + " what is in it are the kernel's messages to its reader; leave it out" + LEAVE_OUT, e);
        }
        if (e.errno() == Errno.EACCES) {
            return new UnavailableException(what + ": only its write end is at hand, and this user may not open it for reading; run as its owner or as root, or leave it out" + LEAVE_OUT, e);
        }
        return Failures.of(what.toString(), e);
    }

    /** Returns the capacity of the pipe that was cloned last. */
    public int sourceCapacityBytes() {
        return sourceCapacityBytes;
    }

    /** Returns the fd from which the clone can be spliced; a clone must have been taken. */
    public int readFd() {
        return Objects.requireNonNull(pair).readFd();
    }

    /** Returns the fd by which the clone can be added to; a clone must have been taken. */
    int writeFd() {
        return Objects.requireNonNull(pair).writeFd();
    }

    /** Discards the clone, or what is left of it. */
    public void empty() throws StandpipeException {
        if (pair != null) {
            try {
                pair.drain();
            } catch (ErrnoException e) {
                throw Failures.of("a clone", e);
            }
        }
    }

    /** Returns the pipe, replaced by a larger one if its capacity is less than {@code leastBytes}. */
    private PipePair ofCapacity(int leastBytes) throws StandpipeException, ErrnoException {
        if (pair != null && leastBytes <= capacityBytes) {
            return pair;
        }
        close();
        PipePair made = PipePair.openNonBlocking(WHAT);
        pair = made;
        capacityBytes = Pipes.capacityBytes(made.writeFd());
        if (leastBytes > capacityBytes) {
            capacityBytes = PipeCapacity.set(made.writeFd(), leastBytes, WHAT);
        }
        return made;
    }

    @Override
    public void close() {
        if (pair != null) {
            pair.close();
            pair = null;
        }
    }
}
