// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

/**
 * Both ends of a pipe, which this object owns: closing it closes both. To hand one end on, {@link Fd#release() release} its
 * {@code Fd}; {@code close} then closes the other one only.
 *
 * @param readEnd where bytes come out
 * @param writeEnd where bytes go in
 * @since 0.1
 */
public record PipeEnds(Fd readEnd, Fd writeEnd) implements AutoCloseable {

    /**
     * Returns the read end's fd, as the methods of {@link Pipes} take it.
     *
     * @return an fd of this process, still owned by this object
     * @throws IllegalStateException if the read end was closed or released
     */
    public int readFd() {
        return readEnd.number();
    }

    /**
     * Returns the write end's fd, as the methods of {@link Pipes} take it.
     *
     * @return an fd of this process, still owned by this object
     * @throws IllegalStateException if the write end was closed or released
     */
    public int writeFd() {
        return writeEnd.number();
    }

    /** Closes the ends that are still open. Closing one alone shows the other side its end: EOF, or EPIPE. */
    @Override
    public void close() {
        try {
            readEnd.close();
        } finally {
            writeEnd.close();
        }
    }
}
