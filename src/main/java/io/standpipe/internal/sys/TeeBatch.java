// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Clones of many pipes, to be taken as close to one instant as can be: one tee after another, without Java code between. */
public final class TeeBatch {

    private static final int FROM = 0;
    private static final int TO = 4;
    private static final int BYTES = 8;
    private static final int LENGTH = 16;

    private final int count;
    private final NativeMemory memory;
    private final ByteBuffer fields;

    public TeeBatch(int count) {
        this.count = count;
        memory = NativeMemory.nativeOrder(Math.multiplyExact(Math.max(1, count), LENGTH));
        fields = memory.buffer();
    }

    /**
     * Says what is to be cloned, and where to.
     *
     * @param fdFrom a pipe's descriptor that can be read
     * @param fdTo a descriptor of an empty pipe of the same capacity that can be read and written
     */
    public void set(int index, int fdFrom, int fdTo) {
        int at = at(index);
        fields.putInt(at + FROM, fdFrom).putInt(at + TO, fdTo);
    }

    /**
     * Takes all clones.
     *
     * @return how many failed
     */
    public int take() {
        int failed = Native.sp_capture(memory.address(), count);
        Reference.reachabilityFence(memory);
        return failed;
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

    /** Puts the only capture of another set in place of one. */
    public void repeat(int index, TeeBatch again) {
        fields.put(at(index), again.fields, 0, LENGTH);
    }

    /** Valid as long as this object can be reached. */
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
