// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;



/**
 * A pipe that takes clones of what is in others, one after another: one tee is an atomic snapshot of one pipe, and the
 * source keeps every byte ("c/r" v18 46/80, checkpoint_pipe).
 */
public final class TeePipe implements AutoCloseable {

    private static final long ALL = Integer.MAX_VALUE;

    private Fd readEnd;
    private Fd writeEnd;
    private int capacityBytes;
    private int sourceCapacityBytes;

    /**
     * Takes all that is in a pipe. A clone with less room than its source would cut it short without a word: the
     * source's capacity is asked after the tee, and the tee made anew if the clone was the smaller one.
     *
     * @param what is the pipe in messages
     * @return bytes cloned, 0 for an empty pipe
     */
    public long take(int source, Object what) throws StandpipeException {
        try {
            if (readEnd == null) {
                renew(0);
            }
            while (true) {
                long cloned = Pipes.tee(source, writeEnd.number(), ALL, SPLICE_F_NONBLOCK);
                sourceCapacityBytes = Pipes.capacityBytes(source);
                if (sourceCapacityBytes <= capacityBytes) {
                    return cloned == Pipes.WOULD_BLOCK ? 0 : cloned;
                }
                renew(sourceCapacityBytes);
            }
        } catch (ErrnoException e) {
            throw refused(what, e);
        }
    }

    /** The same for a pipe of this process's own, which stays as it is and has a known capacity; returns the bytes cloned. */
    public long takeFrom(int source, int knownCapacityBytes) throws StandpipeException {
        if (readEnd == null || knownCapacityBytes > capacityBytes) {
            renew(knownCapacityBytes);
        }
        try {
            sourceCapacityBytes = knownCapacityBytes;
            return Pipes.tee(source, writeEnd.number(), ALL, SPLICE_F_NONBLOCK);
        } catch (ErrnoException e) {
            throw refused("a clone", e);
        }
    }

    /** What is to be said of a tee that failed. */
    public static StandpipeException refused(Object what, ErrnoException e) {
        // For tee and splice the kernel takes such a pipe for none. (A write to it would say EXDEV.)
        if (e.errno() == Errno.EINVAL) {
            return new UnavailableException(what + ": a notification pipe (O_NOTIFICATION_PIPE), which cannot be saved:"
                    + " what is in it are the kernel's messages to its reader; leave it out by naming the others", e);
        }
        return Failures.of(what.toString(), e);
    }

    /** Capacity of the pipe taken last. */
    public int sourceCapacityBytes() {
        return sourceCapacityBytes;
    }

    /** Where what was taken can be spliced from. */
    public int readEnd() {
        return readEnd.number();
    }

    /** Lets go of what was taken. */
    public void empty() throws StandpipeException {
        renew(capacityBytes);
    }

    private void renew(int wantedBytes) throws StandpipeException {
        close();
        try {
            PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            readEnd = ends.readEnd();
            writeEnd = ends.writeEnd();
            capacityBytes = Pipes.capacityBytes(writeEnd.number());
        } catch (ErrnoException e) {
            close();
            throw Failures.of("a pipe to clone into", e);
        }
        if (wantedBytes > capacityBytes) {
            capacityBytes = PipeCapacity.set(writeEnd.number(), wantedBytes, "a pipe to clone into");
        }
    }

    @Override
    public void close() {
        if (readEnd != null) {
            readEnd.close();
            writeEnd.close();
        }
    }
}
