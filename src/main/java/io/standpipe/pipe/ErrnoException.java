// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import java.io.IOException;

/**
 * A system call that failed. The message reads like the call:
 * {@code tee(fdIn=5, fdOut=9, length=65536): EINVAL (Invalid argument)}.
 */
public final class ErrnoException extends IOException {

    private final int errno;

    /**
     * @param result what the native returned: {@code -errno}
     * @param call the call with its arguments
     */
    public ErrnoException(long result, String call) {
        super(call + ": " + Errno.describe((int) -result));
        this.errno = (int) -result;
    }

    /** The error number, one of {@link Errno}. */
    public int errno() {
        return errno;
    }

    /** The error's name and meaning without the call, such as {@code EINVAL (Invalid argument)}. */
    public String reason() {
        return Errno.describe(errno);
    }
}
