// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * Hears how far a checkpoint or a restore has come. It is called by the thread that does the work, and never while other
 * processes stand still for it. What it throws ends the work as any failure does, with nothing left behind.
 */
@FunctionalInterface
public interface Progress {

    /** What is being done. */
    enum Phase {

        /** Checkpoint: descriptors and pipes are found, and clones made ready. */
        COLLECT,

        /** Checkpoint: the processes are about to stand still, while the pipes are cloned. Told once more when they run again. */
        CLONE,

        /** Checkpoint: all processes are looked through for others that hold the pipes. */
        LOOK,

        /** Checkpoint: pipes are written; not told where the processes stand still meanwhile. */
        WRITE,

        /** Checkpoint to a file: everything is written, and is being made durable. */
        SYNC,

        /** Restore from a stream: the image arrives. */
        RECEIVE,

        /** Restore: the image is checked. */
        CHECK,

        /** Restore: pipes are made and filled. */
        RESTORE,

        /** Restore: all descriptors are there, and commands are about to have them. */
        START
    }

    /**
     * The work has come so far. Told at the beginning of a phase and after each pipe.
     *
     * @param pipes how many pipes are done
     * @param ofPipes of how many; 0 if that is not known
     * @param bytes how many bytes of them
     * @param ofBytes of how many; 0 if that is not known
     */
    void reached(Phase phase, long pipes, long ofPipes, long bytes, long ofBytes);
}
