// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import java.io.IOException;

/**
 * A system call failed. The message reads like the call:
 * {@code tee(fdIn=5, fdOut=9, length=65536): EINVAL (Invalid argument)}.
 *
 * <p>With {@link Errno#ELIBACC} no call was made, since the native library cannot be loaded: the message has the remedy, and the
 * cause is the {@code io.standpipe.UnavailableException} that all else of Standpipe throws then.
 *
 * @since 0.1
 */
public final class ErrnoException extends IOException {

    private final int errno;

    /**
     * Makes the exception of a native's result.
     *
     * @param result what the native returned, {@code -errno}; only the lower 32 bits count
     * @param call the call and its arguments, as in C but with their names
     */
    public ErrnoException(long result, String call) {
        super(call + ": " + Errno.describe((int) -result));
        this.errno = (int) -result;
    }

    /**
     * Makes the exception of a call that was not made.
     *
     * @param errno a constant of {@link Errno}
     * @param call its name
     * @param cause why it was not made, whose message follows
     */
    ErrnoException(int errno, String call, IOException cause) {
        super(call + ": " + Errno.describe(errno) + ": " + cause.getMessage(), cause);
        this.errno = errno;
    }

    /**
     * Returns the error number.
     *
     * @return a constant of {@link Errno}, or a rarer number that has none there
     */
    public int errno() {
        return errno;
    }

    /**
     * Returns the error without the call.
     *
     * @return such as {@code EINVAL (Invalid argument)}
     */
    public String reason() {
        return Errno.describe(errno);
    }
}
