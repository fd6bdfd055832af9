// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import io.standpipe.internal.jni.Native;
import io.standpipe.internal.jni.NativeLibrary;

/**
 * Flags of {@link Pipes}, under their names and with their values in Linux on x86-64 and arm64. Combine them with {@code |}.
 *
 * @since 0.1
 */
public final class PipeFlags {

    /** pipe2: both fds are closed by an exec. A child of this process, such as one of ProcessBuilder, then has neither. */
    public static final int O_CLOEXEC = 02000000;

    /** pipe2: a call on either end returns {@link Pipes#WOULD_BLOCK} where it would wait. */
    public static final int O_NONBLOCK = 04000;

    /** pipe2: packet mode. Each write is a packet of at most one page, and a read takes at most one packet. */
    public static final int O_DIRECT = direct();

    /** splice: move pages instead of copying them where that is possible. Linux has ignored this hint since 2.6.21. */
    public static final int SPLICE_F_MOVE = 1;

    /** tee, splice, vmsplice: do not wait for a pipe, which is empty or full. Files are waited for nevertheless. */
    public static final int SPLICE_F_NONBLOCK = 2;

    /** splice: more data follows soon. A hint for sockets, as MSG_MORE is. */
    public static final int SPLICE_F_MORE = 4;

    /** vmsplice: the pages are a gift to the kernel; the caller never changes them again. */
    public static final int SPLICE_F_GIFT = 8;

    private PipeFlags() {}

    /** Asks C, since the value differs between architectures; without the native library it is that of x86-64 or arm64. */
    private static int direct() {
        return NativeLibrary.failure() == null ? Native.O_DIRECT()
                : System.getProperty("os.arch").equals("aarch64") ? 0200000 : 040000;
    }
}
