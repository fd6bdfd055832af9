// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each call can come to, as its manual page says, for an argument that is not wrong by itself; EPERM or ENOSYS also where
 * a seccomp profile is likely to forbid it. What tells that something is gone (ENOENT, ESRCH, EBADF), there already (EEXIST of
 * epoll), hidden (EACCES of another's process), of another kind (ENOEXEC) or empty (EAGAIN of a pipe) is no failure but a
 * fact, which other tests bring about. Tee, and splice between pipes, move all that fits under the locks of both, and are never
 * short.
 */
final class FaultTable {

    private static final String[] ERRORS = {
        "pipe2               | EMFILE ENFILE",
        "tee                 | EINTR ENOMEM EPERM",
        "splice(pipe to pipe)| EINTR ENOMEM",
        "splice(file to pipe)| EINTR EIO EINVAL ENOMEM SHORT",
        "splice(pipe to file)| EINTR EIO ENOSPC EDQUOT EFBIG ENOMEM SHORT",
        "vmsplice            | EINTR ENOMEM EPERM",
        "dup3                | EINTR EBUSY EMFILE",
        "close               | EINTR EIO",
        "fchown              | EPERM EIO EROFS",
        "fchmod              | EPERM EIO EROFS",
        "open                | EINTR EACCES EMFILE ENFILE ENOMEM",
        "openat              | EINTR EMFILE ENFILE ENOMEM EIO ENXIO ENOSPC",
        "mkfifoat            | EACCES EDQUOT EEXIST ENOSPC EROFS",
        "readlinkat          | EACCES EIO ENOMEM",
        "read                | EINTR EIO SHORT",
        "readv               | EINTR EIO SHORT",
        "write               | EINTR EIO ENOSPC EPIPE SHORT",
        "pread               | EINTR EIO SHORT",
        "pwrite              | EINTR EIO ENOSPC EDQUOT EFBIG SHORT",
        "fallocate           | EINTR EIO ENOSPC EFBIG EPERM ENOSYS EOPNOTSUPP",
        "sync_file_range     | EIO ENOSPC ENOMEM EPERM ENOSYS",
        "fdatasync           | EINTR EIO ENOSPC EDQUOT",
        "fsync               | EINTR EIO EINVAL",
        "flock               | EINTR ENOLCK",
        "renameat            | EACCES EIO ENOSPC EROFS EDQUOT ENOMEM EBUSY",
        "unlinkat            | EACCES EBUSY EIO EROFS",
        "epoll_create1       | EMFILE ENFILE ENOMEM",
        "epoll_ctl           | ENOMEM ENOSPC",
        "poll                | EINTR ENOMEM",
        "fork                | EAGAIN ENOMEM ENOSYS",
        "execve              | E2BIG EACCES EIO ENOMEM EPERM ETXTBSY EAGAIN",
        "waitpid             | EINTR ECHILD",
        "fchdir              | EACCES EIO",
        "setgroups           | EPERM",
        "setresgid           | EAGAIN EPERM",
        "setresuid           | EAGAIN EPERM",
        "setsid              | EPERM",
        "umask               |",
        "unshare             | ENOMEM EPERM",
        "lseek               | EIO",
        "uname               | EPERM ENOSYS",
        "clone               | EAGAIN ENOMEM ENOSYS EPERM",
        "mmap                | ENOMEM",
        "mremap              | ENOMEM",
        "ptrace              | EPERM ENOSYS EIO",
        "rt_sigtimedwait     | EINTR EPERM",
        "waitid              | EPERM ENOSYS",
        "fcntl(F_SETFD)      | EPERM",
        "fcntl(F_GETFL)      | EPERM",
        "fcntl(F_SETFL)      | EPERM EINVAL",
        "fcntl(F_DUPFD_CLOEXEC)| EMFILE",
        "fcntl(F_DUPFD_QUERY)| EINVAL",
        "fcntl(F_GETPIPE_SZ) | EPERM",
        "fcntl(F_SETPIPE_SZ) | EBUSY ENOMEM EPERM",
        "fcntl(F_GETSIG)     | EPERM",
        "fcntl(F_SETSIG)     | EPERM EINVAL",
        "fcntl(F_GETOWN_EX)  | EPERM",
        "fcntl(F_SETOWN_EX)  | EPERM",
        "fcntl(F_OFD_SETLK)  | EAGAIN EINTR ENOLCK EINVAL",
        "ioctl(FIONREAD)     | EPERM",
        "ioctl(TCGETS)       | EIO ENOTTY",
        "ioctl(TIOCGWINSZ)   | EIO ENOTTY",
        "close_range         | EMFILE ENOMEM ENOSYS EPERM",
        "fstat               | EIO ENOMEM",
        "fstatfs             | EINTR EIO ENOMEM ENOSYS EPERM",
        "getdents64          | EIO",
        "kcmp                | EPERM ENOSYS",
        "memfd_create        | EMFILE ENFILE ENOMEM",
        "newfstatat          | EACCES EIO ENOMEM",
        "openat2             | EINTR EACCES EAGAIN EMFILE ENFILE ENOMEM ENOSYS EPERM EXDEV",
        "pidfd_getfd         | EMFILE ENFILE ENOSYS EPERM",
        "pidfd_open          | EMFILE ENFILE ENOMEM ENOSYS EPERM",
        "pidfd_send_signal   | EPERM ENOSYS",
        "prlimit64           | EPERM",
        "socket              | EMFILE ENFILE ENOMEM EPERM EPROTONOSUPPORT",
        "connect             | EAGAIN EPERM",
        "sendto              | EINTR ENOBUFS EPERM",
        "recvfrom            | EINTR ENOBUFS ENOMEM EPERM",
        "tgkill              | EAGAIN EPERM",
        // The first five cannot fail, and these fail only for what is no signal, or no descriptor.
        "getpid              |",
        "getppid             |",
        "getpgid             |",
        "getsid              |",
        "gettid              |",
        "sigaction           |",
        "rt_sigprocmask      |",
        "prctl               |",
        "munmap              |",
        "fcntl(F_GETFD)      |",
        // No call has it.
        "unknown             |",
    };

    private final Map<String, List<Integer>> errors = new HashMap<>();

    FaultTable() {
        for (String line : ERRORS) {
            String[] parts = line.split("\\|", 2);
            List<Integer> with = new ArrayList<>();
            for (String name : parts[1].trim().split(" ")) {
                if (!name.isEmpty()) {
                    with.add(name.equals("SHORT") ? Fault.SHORT : ErrnoNames.number(name));
                }
            }
            errors.put(parts[0].trim(), with);
        }
    }

    /** What a kind of call can come to, error numbers and {@link Fault#SHORT}. */
    List<Integer> of(String kind) {
        List<Integer> with = errors.get(kind);
        if (with == null) {
            throw new AssertionError(kind + " is not in the table");
        }
        return with;
    }
}
