// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.jdk.JavaPipeObject;

/**
 * The file descriptor below a Java object, and how many bytes Java buffers above the descriptor: these bytes are not in the
 * kernel's pipe, so no checkpoint of the pipe has them. Works without {@code --add-opens}.
 *
 * <p>Streams of {@code java.io} that read or write through another stream are looked through, down to a
 * {@code FileDescriptor}, {@code FileInputStream}, {@code FileOutputStream}, {@code RandomAccessFile}, {@code FileChannel},
 * {@code Pipe.SourceChannel} or {@code Pipe.SinkChannel}. That includes the streams of a {@code Process}, {@code System.in},
 * {@code out} and {@code err}. The values are those of one moment: another thread may close the object or use it meanwhile.
 * Immutable and safe for use by several threads.
 *
 * @param number the descriptor's number
 * @param bufferedInputBytes how many bytes have been read from the descriptor, and not yet from the object
 * @param bufferedOutputBytes how many bytes have been written to the object, and not yet to the descriptor
 * @since 0.1
 */
public record JavaDescriptor(int number, int bufferedInputBytes, int bufferedOutputBytes) {

    /**
     * Looks below an object.
     *
     * @throws StandpipeException if the object is closed, or no descriptor is found below it: the message says what to name
     *     instead
     */
    public static JavaDescriptor of(Object object) throws StandpipeException {
        JavaPipeObject named = JavaPipeObject.of(object);
        return new JavaDescriptor(named.fd(), named.bufferedInputBytes(), named.bufferedOutputBytes());
    }
}
