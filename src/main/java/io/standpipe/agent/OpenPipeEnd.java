// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import javax.management.ConstructorParameters;

/** A descriptor of this JVM that is an end of a pipe or FIFO. Immutable; with getters, as JMX wants it on JDK 17. */
public final class OpenPipeEnd {

    private final int descriptor;
    private final String end;
    private final long inode;
    private final int queuedBytes;
    private final int capacityBytes;
    private final boolean named;

    /** As a proxy of {@link StandpipeMXBean} puts it together again. */
    @ConstructorParameters({"descriptor", "end", "inode", "queuedBytes", "capacityBytes", "named"})
    public OpenPipeEnd(int descriptor, String end, long inode, int queuedBytes, int capacityBytes, boolean named) {
        this.descriptor = descriptor;
        this.end = end;
        this.inode = inode;
        this.queuedBytes = queuedBytes;
        this.capacityBytes = capacityBytes;
        this.named = named;
    }

    /** The descriptor's number. */
    public int getDescriptor() {
        return descriptor;
    }

    /** read, write or both. */
    public String getEnd() {
        return end;
    }

    /** What tells the pipe from others. */
    public long getInode() {
        return inode;
    }

    /** Bytes in flight. */
    public int getQueuedBytes() {
        return queuedBytes;
    }

    public int getCapacityBytes() {
        return capacityBytes;
    }

    /** Whether a checkpoint without numbers saves it. */
    public boolean isNamed() {
        return named;
    }
}
