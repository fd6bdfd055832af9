/* SPDX-License-Identifier: Apache-2.0 */
/* Fds and their open file descriptions. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int32_t sp_fcntl(int32_t fd, int32_t command, int64_t argument)
{
    SP_RETURN(int32_t, fcntl(fd, command, (long)argument));
}

/* Which call failed, for SP_FAILED; FdCalls.java has the same numbers. */
enum { DUP3 = 1, FORK, WAITPID };

/* A bit of the child's exit status: the errno beside it is that of dup3. */
#define NOT_MOVED 0x80

/*
 * More than one system call: a signal of the description names the fd by which O_ASYNC was set (si_fd), and this process may have
 * another file open there. A forked child, whose fd table is its own, sets the flags.
 */
int64_t sp_set_flags_at(int32_t fd, int32_t fd_seen, int32_t flags)
{
    const uint64_t all_signals = UINT64_MAX; /* the child must run none of the JVM's handlers */
    uint64_t mask_before = 0;
    int status = 0;
    int cause = 0;
    pid_t child;

    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, &mask_before, sizeof mask_before);
    child = fork();
    if (child == 0) {
        int moved;

        do {
            moved = dup3(fd, fd_seen, 0);
        } while (moved == -1 && errno == EINTR);
        _exit(moved == -1 ? errno | NOT_MOVED : fcntl(fd_seen, F_SETFL, flags) == -1 ? errno : 0);
    }
    if (child == -1)
        cause = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, sizeof mask_before);
    if (child == -1)
        return SP_FAILED(FORK, cause);
    while (waitpid(child, &status, 0) == -1) {
        if (errno != EINTR)
            return SP_FAILED(WAITPID, errno);
    }
    if (!WIFEXITED(status))
        return SP_FAILED(WAITPID, EINTR);
    cause = WEXITSTATUS(status);
    return cause & NOT_MOVED ? SP_FAILED(DUP3, cause & ~NOT_MOVED) : -cause;
}

int32_t sp_dup3(int32_t fd, int32_t fd_new, int32_t flags)
{
    SP_RETURN(int32_t, dup3(fd, fd_new, flags));
}

int32_t sp_close(int32_t fd)
{
    /*
     * Never retried: Linux frees the fd before anything that can be interrupted, so a second close could close a file that
     * another thread has opened meanwhile under the same number.
     */
    return syscall(SYS_close, fd) == -1 ? -errno : 0;
}

int32_t sp_close_range(int32_t first, int32_t last, int32_t flags)
{
    return syscall(SYS_close_range, first, last, flags) == -1 ? -errno : 0;
}

static void store_stat(const struct stat *st, int64_t *fields)
{
    fields[0] = (int64_t)st->st_dev;
    fields[1] = (int64_t)st->st_ino;
    fields[2] = (int64_t)st->st_mode;
    fields[3] = (int64_t)st->st_uid;
    fields[4] = (int64_t)st->st_gid;
    fields[5] = (int64_t)st->st_size;
    fields[6] = (int64_t)st->st_nlink;
}

/* These two go by SYS_ number: glibc has symbols for them only since 2.33, and the library must load with older ones. */
int32_t sp_fstat(int32_t fd, int64_t stat_address)
{
    struct stat st;

    if (syscall(SYS_fstat, fd, &st) == -1)
        return -errno;
    store_stat(&st, SP_POINTER(int64_t, stat_address));
    return 0;
}

int32_t sp_fstatat(int32_t fd_directory, int64_t path_address, int64_t stat_address)
{
    struct stat st;

    if (syscall(SYS_newfstatat, fd_directory, SP_POINTER(const char, path_address), &st, AT_SYMLINK_NOFOLLOW) == -1)
        return -errno;
    store_stat(&st, SP_POINTER(int64_t, stat_address));
    return 0;
}

int64_t sp_fstatfs(int32_t fd)
{
    struct statfs found;

    return syscall(SYS_fstatfs, fd, &found) == -1 ? -errno : (int64_t)found.f_type;
}

int32_t sp_fchown(int32_t fd, int32_t uid, int32_t gid)
{
    SP_RETURN(int32_t, fchown(fd, (uid_t)uid, (gid_t)gid));
}

int32_t sp_fchmod(int32_t fd, int32_t mode)
{
    SP_RETURN(int32_t, fchmod(fd, (mode_t)mode));
}

int32_t sp_isatty(int32_t fd)
{
    struct termios settings;

    if (ioctl(fd, TCGETS, &settings) == 0)
        return 1;
    /* What is no terminal returns ENOTTY, or another errno of its own kind. */
    return errno == EBADF ? -EBADF : 0;
}

int32_t sp_terminal_columns(int32_t fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? (int32_t)size.ws_col : -errno;
}
