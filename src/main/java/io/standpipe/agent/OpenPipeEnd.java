// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

/**
 * An fd of this JVM that is an end of a pipe or FIFO. Immutable.
 *
 * @since 0.1
 */
public interface OpenPipeEnd {

    /** Returns the fd. */
    int getDescriptor();

    /** Returns {@code read}, {@code write} or {@code both}. */
    String getEnd();

    /** Returns the inode number, which only descriptors of the same pipe share. */
    long getInode();

    /** Returns how many bytes are queued in the pipe. */
    int getQueuedBytes();

    /** Returns how many bytes the pipe can hold. */
    int getCapacityBytes();

    /** Returns whether {@link StandpipeMXBean#checkpoint} saves this pipe. */
    boolean isNamed();
}
