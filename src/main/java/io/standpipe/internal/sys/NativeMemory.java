// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.List;

/** Memory outside the heap, for system calls to read and write. The garbage collector frees it with this object. */
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

    /** Allocates zeroed memory whose buffer is little-endian, for bytes of an image. */
    public static NativeMemory littleEndian(int sizeBytes) {
        return new NativeMemory(sizeBytes, ByteOrder.LITTLE_ENDIAN);
    }

    /** Allocates memory with a copy of these bytes. */
    public static NativeMemory of(byte[] bytes) {
        NativeMemory memory = nativeOrder(bytes.length);
        memory.buffer.put(0, bytes);
        return memory;
    }

    /** Allocates zeroed memory whose buffer is in the machine's byte order, for structures of the kernel. */
    public static NativeMemory nativeOrder(int sizeBytes) {
        return new NativeMemory(sizeBytes, ByteOrder.nativeOrder());
    }

    /**
     * Allocates a NUL-terminated string in the encoding that this JVM uses for file names and arguments.
     *
     * @throws IllegalArgumentException if the string has a NUL, or a character that the encoding lacks
     */
    static NativeMemory ofString(String string) {
        ByteBuffer bytes = encode(string);
        NativeMemory memory = nativeOrder(bytes.remaining() + 1);
        memory.buffer.put(0, bytes, 0, bytes.remaining());
        return memory;
    }

    /** Allocates an argument vector as execve takes it: addresses, a null, and behind it the strings that they point to. */
    static NativeMemory ofStrings(List<String> strings) {
        return ofEncoded(strings.stream().map(NativeMemory::encode).toList());
    }

    /** Allocates a vector as {@link #ofStrings} does, of bytes in any encoding that have no NUL. */
    static NativeMemory ofEncoded(List<ByteBuffer> encoded) {
        int vectorBytes = (encoded.size() + 1) * Long.BYTES;
        int stringsBytes = encoded.stream().mapToInt(bytes -> bytes.remaining() + 1).sum();
        NativeMemory memory = nativeOrder(vectorBytes + stringsBytes);
        int end = vectorBytes;
        for (ByteBuffer bytes : encoded) {
            memory.buffer.putLong(memory.address + end);
            memory.buffer.put(end, bytes, 0, bytes.remaining());
            end += bytes.remaining() + 1;
        }
        return memory;
    }

    /**
     * Returns a string in the encoding that this JVM uses for file names and arguments.
     *
     * @throws IllegalArgumentException if the string has a NUL, or a character that the encoding lacks
     */
    static ByteBuffer encode(String string) {
        if (string.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("string has a NUL at index " + string.indexOf('\0'));
        }
        try {
            // An encoder reports what it cannot encode, where String.getBytes writes a question mark, which would name another file.
            byte[] bytes = string.getBytes(FILE_NAMES);
            if (new String(bytes, FILE_NAMES).equals(string)) {
                return ByteBuffer.wrap(bytes);
            }
            return FILE_NAMES.newEncoder().encode(CharBuffer.wrap(string));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "\"" + string + "\" cannot be written in this JVM's encoding of file names, " + FILE_NAMES
                            + ": run it in a UTF-8 locale, such as LC_ALL=C.UTF-8",
                    e);
        }
    }

    /**
     * Allocates a NUL-terminated string of bytes, such as a path in any encoding.
     *
     * @throws IllegalArgumentException if the bytes have a NUL
     */
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

    /** Returns what the JDK itself read once, at its start. */
    private static Charset fileNameCharset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** Returns the whole memory as a buffer, always the same one; position and limit are the caller's to use. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Returns the size in bytes. */
    public int sizeBytes() {
        return buffer.capacity();
    }

    /** Returns the address of the first byte, which is valid as long as this object is reachable. */
    long address() {
        return address;
    }

    /**
     * Returns the address of a range of this memory, which is valid as long as this object is reachable.
     *
     * @throws IndexOutOfBoundsException if the range is not inside this memory
     */
    long address(long offsetBytes, long lengthBytes) {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > buffer.capacity() - lengthBytes) {
            throw new IndexOutOfBoundsException("range " + offsetBytes + "+" + lengthBytes + " is outside of "
                    + buffer.capacity() + " bytes of native memory");
        }
        return address + offsetBytes;
    }
}
