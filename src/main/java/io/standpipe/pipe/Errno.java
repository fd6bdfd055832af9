// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import static java.util.Map.entry;

import java.util.Map;

/**
 * The error numbers of Linux that Standpipe meets: the generic table, the same on x86-64 and arm64.
 *
 * @since 0.1
 */
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int ETXTBSY = 26;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int EMLINK = 31;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOLCK = 37;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENOPKG = 65;
    public static final int EOVERFLOW = 75;
    public static final int ELIBACC = 79;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int EDQUOT = 122;

    private static final Map<Integer, String> TEXTS = Map.ofEntries(
            entry(EPERM, "EPERM (Operation not permitted)"),
            entry(ENOENT, "ENOENT (No such file or directory)"),
            entry(ESRCH, "ESRCH (No such process)"),
            entry(EINTR, "EINTR (Interrupted system call)"),
            entry(EIO, "EIO (Input/output error)"),
            entry(ENXIO, "ENXIO (No such device or address)"),
            entry(E2BIG, "E2BIG (Argument list too long)"),
            entry(ENOEXEC, "ENOEXEC (Exec format error)"),
            entry(EBADF, "EBADF (Bad file descriptor)"),
            entry(ECHILD, "ECHILD (No child processes)"),
            entry(EAGAIN, "EAGAIN (Resource temporarily unavailable)"),
            entry(ENOMEM, "ENOMEM (Cannot allocate memory)"),
            entry(EACCES, "EACCES (Permission denied)"),
            entry(EFAULT, "EFAULT (Bad address)"),
            entry(EBUSY, "EBUSY (Device or resource busy)"),
            entry(EEXIST, "EEXIST (File exists)"),
            entry(EXDEV, "EXDEV (Invalid cross-device link)"),
            entry(ENODEV, "ENODEV (No such device)"),
            entry(ENOTDIR, "ENOTDIR (Not a directory)"),
            entry(EISDIR, "EISDIR (Is a directory)"),
            entry(EINVAL, "EINVAL (Invalid argument)"),
            entry(ENFILE, "ENFILE (Too many open files in system)"),
            entry(EMFILE, "EMFILE (Too many open files)"),
            entry(ENOTTY, "ENOTTY (Inappropriate ioctl for device)"),
            entry(ETXTBSY, "ETXTBSY (Text file busy)"),
            entry(EFBIG, "EFBIG (File too large)"),
            entry(ENOSPC, "ENOSPC (No space left on device)"),
            entry(ESPIPE, "ESPIPE (Illegal seek)"),
            entry(EROFS, "EROFS (Read-only file system)"),
            entry(EMLINK, "EMLINK (Too many links)"),
            entry(EPIPE, "EPIPE (Broken pipe)"),
            entry(ENAMETOOLONG, "ENAMETOOLONG (File name too long)"),
            entry(ENOLCK, "ENOLCK (No locks available)"),
            entry(ENOSYS, "ENOSYS (Function not implemented)"),
            entry(ELOOP, "ELOOP (Too many levels of symbolic links)"),
            entry(ENOPKG, "ENOPKG (Package not installed)"),
            entry(EOVERFLOW, "EOVERFLOW (Value too large for defined data type)"),
            entry(ELIBACC, "ELIBACC (Can not access a needed shared library)"),
            entry(EPROTONOSUPPORT, "EPROTONOSUPPORT (Protocol not supported)"),
            entry(EOPNOTSUPP, "EOPNOTSUPP (Operation not supported)"),
            entry(EAFNOSUPPORT, "EAFNOSUPPORT (Address family not supported by protocol)"),
            entry(ENOBUFS, "ENOBUFS (No buffer space available)"),
            entry(ETIMEDOUT, "ETIMEDOUT (Connection timed out)"),
            entry(EDQUOT, "EDQUOT (Disk quota exceeded)"));

    private Errno() {}

    /**
     * Returns the name and the meaning of an error number.
     *
     * @param errno 1 or more, as {@link ErrnoException#errno()} returns it
     * @return such as {@code EINVAL (Invalid argument)}; {@code errno 4095} for a number without a name here
     */
    public static String describe(int errno) {
        return TEXTS.getOrDefault(errno, "errno " + errno);
    }
}
