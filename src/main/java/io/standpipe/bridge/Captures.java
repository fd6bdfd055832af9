// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Clones of many pipes, to be taken as close to one instant as can be: one tee after another, without Java code between. */
public final class Captures {

    private static final int FROM = 0;
    private static final int TO = 4;
    private static final int CAPACITY = 8;
    private static final int FULL = 12;
    private static final int BYTES = 16;
    private static final int LENGTH = 24;

    private final int count;
    private final NativeMemory memory;
    private final ByteBuffer fields;

    public Captures(int count) {
        this.count = count;
        memory = NativeMemory.nativeOrder(Math.multiplyExact(Math.max(1, count), LENGTH));
        fields = memory.buffer();
    }

    /**
     * Says what is to be cloned, and where to.
     *
     * @param fdFrom a pipe's descriptor that can be read
     * @param fdTo a descriptor of an empty pipe that can be read and written
     * @param capacityBytes of both
     */
    public void set(int index, int fdFrom, int fdTo, int capacityBytes) {
        int at = at(index);
        fields.putInt(at + FROM, fdFrom).putInt(at + TO, fdTo).putInt(at + CAPACITY, capacityBytes);
    }

    /**
     * Takes all clones.
     *
     * @return how many need another look: the tee failed, or the source has another capacity, or {@link #isFull}
     */
    public int take() {
        int look = Native.sp_capture(memory.address(), count);
        Reference.reachabilityFence(memory);
        return look;
    }

    /**
     * How many bytes were cloned.
     *
     * @throws ErrnoException if the tee failed
     */
    public long lengthBytes(int index) throws ErrnoException {
        long result = fields.getLong(at(index) + BYTES);
        if (result < 0) {
            throw new ErrnoException(result, "tee(fd_in=" + fields.getInt(at(index) + FROM) + ")");
        }
        return result;
    }

    /** Whether the clone has no slot left, though it has room for more bytes than it holds. */
    public boolean isFull(int index) {
        return fields.getInt(at(index) + FULL) != 0;
    }

    /** Puts the only capture of another set in place of one. */
    public void repeat(int index, Captures again) {
        fields.put(at(index), again.fields, 0, LENGTH);
    }

    private int at(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("capture " + index + " of " + count);
        }
        return index * LENGTH;
    }
}
