// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * Listens to how far a checkpoint or a restore has come. It is called by the thread that does the work, and never while other
 * processes are frozen for it. An exception that it throws ends the work as any failure does, with nothing left behind.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Progress {

    /** What is being done. */
    enum Phase {

        /** Checkpoint: fds and pipes are found, and clones are prepared. */
        COLLECT,

        /** Checkpoint: the processes are about to be frozen, while the pipes are cloned. Reported once more after the thaw. */
        CLONE,

        /** Checkpoint: all processes are searched for others that hold the pipes. */
        LOOK,

        /** Checkpoint: pipes are written. Not reported if the processes are frozen meanwhile. */
        WRITE,

        /** Checkpoint to a file: everything is written, and is being brought to the medium. */
        SYNC,

        /** Restore from a stream: the image arrives. */
        RECEIVE,

        /** Restore: the image is checked. */
        CHECK,

        /** Restore: pipes are made and filled. */
        RESTORE,

        /** Restore: all fds are restored, and commands are about to take them over. */
        START
    }

    /**
     * Reports how far the work has come: at the beginning of a phase, and after each pipe.
     *
     * @param pipes how many pipes are done
     * @param ofPipes of how many; 0 if unknown
     * @param bytes how many bytes of them are done
     * @param ofBytes of how many; 0 if unknown
     */
    void reached(Phase phase, long pipes, long ofPipes, long bytes, long ofBytes);
}
