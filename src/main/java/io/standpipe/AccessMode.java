// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * What an open file description may be used for: which end of a pipe it is, or both.
 *
 * @since 0.1
 */
public enum AccessMode {

    /** The read end (O_RDONLY). */
    READ,

    /** The write end (O_WRONLY). */
    WRITE,

    /** Both ends (O_RDWR), as a FIFO may be opened. */
    READ_WRITE;

    private static final int MASK = 3;

    /** @param flags as {@code F_GETFL} returns them */
    static AccessMode of(int flags) {
        return switch (flags & MASK) {
            case 0 -> READ;
            case 1 -> WRITE;
            default -> READ_WRITE;
        };
    }

    /** Returns whether bytes can be read through it. */
    public boolean canRead() {
        return this != WRITE;
    }

    /** Returns whether bytes can be written through it. */
    public boolean canWrite() {
        return this != READ;
    }
}
