// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Tee operations on many pipes, executed one right after the other by a single native call, so that their captures are as close to
 * one instant as possible.
 */
public final class TeeBatch {

    private static final int FROM = 0;
    private static final int TO = 4;
    private static final int BYTES = 8;
    private static final int LENGTH = 16;

    private final int count;
    private final NativeMemory memory;
    private final ByteBuffer fields;

    /** Creates a batch of {@code count} operations, each of which {@link #set} must fill in. */
    public TeeBatch(int count) {
        this.count = count;
        memory = NativeMemory.nativeOrder(Math.multiplyExact(Math.max(1, count), LENGTH));
        fields = memory.buffer();
    }

    /**
     * Sets an operation.
     *
     * @param index from 0 to {@code count - 1}
     * @param fdFrom an fd of the pipe to capture, open for reading
     * @param fdTo an fd of the clone, an empty pipe of the same capacity, open for reading and writing
     */
    public void set(int index, int fdFrom, int fdTo) {
        int at = at(index);
        fields.putInt(at + FROM, fdFrom).putInt(at + TO, fdTo);
    }

    /**
     * Executes all operations.
     *
     * @return how many failed
     */
    public int take() {
        int failed = Native.sp_capture(memory.address(), count);
        Reference.reachabilityFence(memory);
        return failed;
    }

    /**
     * Returns how many bytes an operation captured.
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

    /** Replaces an operation and its result by the only one of another batch. */
    public void repeat(int index, TeeBatch again) {
        fields.put(at(index), again.fields, 0, LENGTH);
    }

    /** Returns the address of the operations, which is valid as long as this object is reachable. */
    long address() {
        return memory.address();
    }

    int count() {
        return count;
    }

    private int at(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("capture " + index + " of " + count);
        }
        return index * LENGTH;
    }
}
