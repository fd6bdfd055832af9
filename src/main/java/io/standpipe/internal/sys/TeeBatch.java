// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Tee operations on many pipes, executed one right after the other by a single native call, so that their captures are as close to
 * one instant as possible.
 */
public final class TeeBatch {

    /** By which end a pipe is captured; {@code capture.h} has the same order. */
    public enum By {
        READ_END,
        /** A read end is opened and closed again, unless the pipe is empty. */
        WRITE_END,
        /** The pipe is left out. */
        NOTHING
    }

    private static final int FROM = 0;
    private static final int TO = 4;
    private static final int BYTES = 8;
    private static final int BY = 16;
    private static final int FD_THROUGH = 20;
    private static final int COPY = 24;
    private static final int COPIED = 32;
    private static final int LENGTH = 40;

    private final int count;
    private final NativeMemory memory;
    private final ByteBuffer fields;
    /** The memory that operations copy to, by index; null if none copies. */
    private @Nullable NativeMemory @Nullable [] copies;

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
     * @param by which end {@code fdFrom} is
     * @param fdFrom an fd of the pipe to capture
     * @param fdTo an fd of the clone, an empty pipe of the same capacity, open for reading and writing
     */
    public void set(int index, By by, int fdFrom, int fdTo) {
        int at = at(index);
        fields.putInt(at + FROM, fdFrom).putInt(at + TO, fdTo).putInt(at + BY, by.ordinal());
    }

    /**
     * Has an operation copy the bytes, too.
     *
     * @param fdThrough an fd of an empty pipe of no less capacity, open for reading and writing
     * @param into as large as the capacity
     */
    public void copy(int index, int fdThrough, NativeMemory into) {
        if (copies == null) {
            copies = new NativeMemory[count];
        }
        copies[index] = into;
        fields.putInt(at(index) + FD_THROUGH, fdThrough).putLong(at(index) + COPY, into.address());
    }

    /** Returns the memory that an operation copied to; null if it was not to copy. */
    public @Nullable NativeMemory copied(int index) {
        return copies == null ? null : copies[index];
    }

    /** Returns whether operations copy. */
    public boolean isCopying() {
        return copies != null;
    }

    /**
     * Executes all operations.
     *
     * @return how many failed
     */
    public int take() {
        int failed = Native.sp_capture(memory.address(), count);
        Reference.reachabilityFence(this);
        return failed;
    }

    /**
     * Returns how many bytes an operation captured.
     *
     * @throws ErrnoException if the tee or the copying failed
     */
    public long lengthBytes(int index) throws ErrnoException {
        int at = at(index);
        long lengthBytes = fields.getLong(at + BYTES);
        long copiedBytes = fields.getLong(at + COPY) == 0 ? lengthBytes : fields.getLong(at + COPIED);
        if (lengthBytes >= 0 && copiedBytes < 0) {
            throw new ErrnoException(copiedBytes, "tee or read of a clone");
        }
        long result = Math.min(lengthBytes, copiedBytes);
        if (result < 0) {
            String calls = fields.getInt(at + BY) == By.WRITE_END.ordinal() ? "ioctl(FIONREAD), openat or tee" : "tee";
            throw new ErrnoException(result, calls + "(fd_in=" + fields.getInt(at + FROM) + ")");
        }
        return result;
    }

    /** Replaces an operation and its result by the only one of another batch. */
    public void repeat(int index, TeeBatch again) {
        fields.put(at(index), again.fields, 0, LENGTH);
        if (copies != null) {
            copies[index] = again.copied(0);
        }
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
