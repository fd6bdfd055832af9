// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import javax.management.ConstructorParameters;

/** An fd of this JVM that is an end of a pipe or FIFO. Immutable; no record, since JMX of JDK 17 finds getters only. */
public final class OpenPipeEnd {

    private final int descriptor;
    private final String end;
    private final long inode;
    private final int queuedBytes;
    private final int capacityBytes;
    private final boolean named;

    /** Called by JMX when a proxy of {@link StandpipeMXBean} receives a value. */
    @ConstructorParameters({"descriptor", "end", "inode", "queuedBytes", "capacityBytes", "named"})
    public OpenPipeEnd(int descriptor, String end, long inode, int queuedBytes, int capacityBytes, boolean named) {
        this.descriptor = descriptor;
        this.end = end;
        this.inode = inode;
        this.queuedBytes = queuedBytes;
        this.capacityBytes = capacityBytes;
        this.named = named;
    }

    /** Returns the fd. */
    public int getDescriptor() {
        return descriptor;
    }

    /** Returns {@code read}, {@code write} or {@code both}. */
    public String getEnd() {
        return end;
    }

    /** Returns the inode number, which only descriptors of the same pipe share. */
    public long getInode() {
        return inode;
    }

    /** Returns how many bytes are queued in the pipe. */
    public int getQueuedBytes() {
        return queuedBytes;
    }

    /** Returns how many bytes the pipe can hold. */
    public int getCapacityBytes() {
        return capacityBytes;
    }

    /** Returns whether {@link StandpipeMXBean#checkpoint} saves this pipe. */
    public boolean isNamed() {
        return named;
    }
}
