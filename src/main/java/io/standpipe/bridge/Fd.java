// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

/**
 * A descriptor with one owner: whoever holds this object closes it, once, or hands it on with {@link #release()}.
 * Safe to close from several threads.
 */
public final class Fd implements AutoCloseable {

    private static final int GONE = -1;

    private int number;

    private Fd(int number) {
        this.number = number;
    }

    /** Takes over an open descriptor: from now on this object closes it. */
    public static Fd owning(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor number is " + number + ", expected 0 or more");
        }
        return new Fd(number);
    }

    /**
     * The descriptor's number.
     *
     * @throws IllegalStateException if it is closed or handed on
     */
    public synchronized int number() {
        if (number == GONE) {
            throw new IllegalStateException("descriptor is closed or was handed on");
        }
        return number;
    }

    /** Whether the descriptor is still this object's to close. */
    public synchronized boolean isOpen() {
        return number != GONE;
    }

    /** Hands the descriptor on: the caller closes it from now on. */
    public synchronized int release() {
        int released = number();
        number = GONE;
        return released;
    }

    /**
     * Closes the descriptor, if it is still open.
     *
     * @throws IllegalStateException if the number was closed behind this object's back: a sign that some descriptor has
     *     two owners
     */
    @Override
    public synchronized void close() {
        if (number == GONE) {
            return;
        }
        int closing = number;
        number = GONE;
        // Any other error still frees the number, and nothing is written through our pipes at close.
        if (Native.sp_close(closing) == -Errno.EBADF) {
            throw new IllegalStateException("descriptor " + closing + " was closed by someone else");
        }
    }

    @Override
    public synchronized String toString() {
        return number == GONE ? "Fd[closed]" : "Fd[" + number + "]";
    }
}
