// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.jdk.JavaPipeObject;

/**
 * The descriptor below a Java object, and what is buffered in Java above it: such bytes are not in the kernel's pipe, and no
 * checkpoint of the pipe has them. Works without {@code --add-opens}.
 *
 * <p>Looked through are the streams of {@code java.io} that read or write through another, down to a
 * {@code FileDescriptor}, {@code FileInputStream}, {@code FileOutputStream}, {@code RandomAccessFile}, {@code FileChannel},
 * {@code Pipe.SourceChannel} or {@code Pipe.SinkChannel}; the streams of a {@code Process} and {@code System.in},
 * {@code out} and {@code err} are of these. What an object tells is of this moment: another thread may close it or go on
 * reading. Immutable and safe for use by several threads.
 *
 * @param number of the descriptor
 * @param bufferedInputBytes read from the descriptor already, and not yet from the object
 * @param bufferedOutputBytes written to the object, and not yet to the descriptor: flush it
 */
public record JavaDescriptor(int number, int bufferedInputBytes, int bufferedOutputBytes) {

    /**
     * Looks below an object.
     *
     * @throws StandpipeException if it is closed, or has no descriptor that can be found: the message says what to name
     *     instead
     */
    public static JavaDescriptor of(Object object) throws StandpipeException {
        JavaPipeObject named = JavaPipeObject.of(object);
        return new JavaDescriptor(named.fd(), named.bufferedInputBytes(), named.bufferedOutputBytes());
    }
}
