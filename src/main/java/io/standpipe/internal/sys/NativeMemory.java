// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/** Memory outside the heap that system calls can be pointed at. Freed by the collector with this object. */
public final class NativeMemory {

    /** The encoding that this JVM uses for file names and arguments. */
    static final Charset FILE_NAMES = fileNameCharset();

    private final ByteBuffer buffer;
    private final long address;

    private NativeMemory(int sizeBytes, ByteOrder order) {
        buffer = ByteBuffer.allocateDirect(sizeBytes).order(order);
        long[] found = new long[1];
        Native.sp_buffer_address(buffer, found);
        address = found[0];
    }

    /** Little-endian memory, zeroed: for what goes into an image. */
    public static NativeMemory littleEndian(int sizeBytes) {
        return new NativeMemory(sizeBytes, ByteOrder.LITTLE_ENDIAN);
    }

    /** Memory in the machine's own byte order, zeroed: for what goes to the kernel. */
    public static NativeMemory nativeOrder(int sizeBytes) {
        return new NativeMemory(sizeBytes, ByteOrder.nativeOrder());
    }

    /** A NUL-terminated string in the encoding that this JVM uses for file names and arguments. */
    static NativeMemory ofString(String string) {
        if (string.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("string has a NUL at index " + string.indexOf('\0'));
        }
        ByteBuffer bytes = encode(string);
        NativeMemory memory = nativeOrder(bytes.remaining() + 1);
        memory.buffer.put(0, bytes, 0, bytes.remaining());
        return memory;
    }

    /** A string in the encoding that this JVM uses for file names and arguments. */
    static ByteBuffer encode(String string) {
        try {
            // A fresh encoder reports what it cannot encode; getBytes would put a question mark and name another file.
            return FILE_NAMES.newEncoder().encode(CharBuffer.wrap(string));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "\"" + string + "\" cannot be written in this JVM's encoding of file names, " + FILE_NAMES
                            + ": run it in a UTF-8 locale",
                    e);
        }
    }

    /** A NUL-terminated string of bytes, such as a path that need not be text in any encoding. */
    static NativeMemory ofBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw new IllegalArgumentException("string has a NUL at index " + i);
            }
        }
        NativeMemory memory = nativeOrder(bytes.length + 1);
        memory.buffer.put(0, bytes);
        return memory;
    }

    /** The JVM itself reads this once, too. */
    private static Charset fileNameCharset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** The whole memory as a buffer; position and limit are the caller's to use. */
    public ByteBuffer buffer() {
        return buffer;
    }

    public int sizeBytes() {
        return buffer.capacity();
    }

    long address() {
        return address;
    }

    /** The address of a range of this memory, checked: nothing outside may be read or written. */
    long address(long offsetBytes, long lengthBytes) {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > buffer.capacity() - lengthBytes) {
            throw new IndexOutOfBoundsException("range " + offsetBytes + "+" + lengthBytes + " is outside of "
                    + buffer.capacity() + " bytes of native memory");
        }
        return address + offsetBytes;
    }
}
