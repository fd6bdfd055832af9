// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

/** Error numbers of Linux (the generic table, the same on x86-64 and arm64), with their names and meanings. */
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
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
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOLCK = 37;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int EOPNOTSUPP = 95;
    public static final int EDQUOT = 122;

    private Errno() {}

    /** The name and meaning of an error number, such as {@code EINVAL (Invalid argument)}. */
    public static String describe(int errno) {
        switch (errno) {
            case EPERM:
                return "EPERM (Operation not permitted)";
            case ENOENT:
                return "ENOENT (No such file or directory)";
            case ESRCH:
                return "ESRCH (No such process)";
            case 4:
                return "EINTR (Interrupted system call)";
            case EIO:
                return "EIO (Input/output error)";
            case 6:
                return "ENXIO (No such device or address)";
            case E2BIG:
                return "E2BIG (Argument list too long)";
            case ENOEXEC:
                return "ENOEXEC (Exec format error)";
            case EBADF:
                return "EBADF (Bad file descriptor)";
            case ECHILD:
                return "ECHILD (No child processes)";
            case EAGAIN:
                return "EAGAIN (Resource temporarily unavailable)";
            case ENOMEM:
                return "ENOMEM (Cannot allocate memory)";
            case EACCES:
                return "EACCES (Permission denied)";
            case EFAULT:
                return "EFAULT (Bad address)";
            case EBUSY:
                return "EBUSY (Device or resource busy)";
            case EEXIST:
                return "EEXIST (File exists)";
            case EXDEV:
                return "EXDEV (Invalid cross-device link)";
            case ENODEV:
                return "ENODEV (No such device)";
            case ENOTDIR:
                return "ENOTDIR (Not a directory)";
            case 21:
                return "EISDIR (Is a directory)";
            case EINVAL:
                return "EINVAL (Invalid argument)";
            case ENFILE:
                return "ENFILE (Too many open files in system)";
            case EMFILE:
                return "EMFILE (Too many open files)";
            case 25:
                return "ENOTTY (Inappropriate ioctl for device)";
            case 26:
                return "ETXTBSY (Text file busy)";
            case 27:
                return "EFBIG (File too large)";
            case ENOSPC:
                return "ENOSPC (No space left on device)";
            case 29:
                return "ESPIPE (Illegal seek)";
            case EROFS:
                return "EROFS (Read-only file system)";
            case EPIPE:
                return "EPIPE (Broken pipe)";
            case ENAMETOOLONG:
                return "ENAMETOOLONG (File name too long)";
            case ENOLCK:
                return "ENOLCK (No locks available)";
            case ENOSYS:
                return "ENOSYS (Function not implemented)";
            case ELOOP:
                return "ELOOP (Too many levels of symbolic links)";
            case 65:
                return "ENOPKG (Package not installed)";
            case EOPNOTSUPP:
                return "EOPNOTSUPP (Operation not supported)";
            case 31:
                return "EMLINK (Too many links)";
            case 75:
                return "EOVERFLOW (Value too large for defined data type)";
            case 110:
                return "ETIMEDOUT (Connection timed out)";
            case EDQUOT:
                return "EDQUOT (Disk quota exceeded)";
            default:
                return "errno " + errno;
        }
    }
}
