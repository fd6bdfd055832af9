/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors, and the open file descriptions behind them. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* Linux 5.9; older headers do not have it. The same on every architecture that Java runs on. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

int32_t sp_fcntl(int32_t fd, int32_t command, int64_t argument)
{
    SP_RETURN(int32_t, fcntl(fd, command, (long)argument));
}

/* What tells which call failed; FdCalls.java has the same. */
enum { DUP3 = 1, FORK, WAITPID };

/* In a child's exit status, above errors of dup3. */
#define NOT_MOVED 0x80

/*
 * More than one system call, because the number that a signal of the description will name (si_fd) is the one by which
 * O_ASYNC was set, and here the JVM may have something else there: a child that shares no table with it can set it.
 */
int64_t sp_set_flags_at(int32_t fd, int32_t number, int32_t flags)
{
    const uint64_t all_signals = UINT64_MAX; /* the handlers in the child are the JVM's */
    uint64_t mask_before = 0;
    int status = 0;
    int cause = 0;
    pid_t child;

    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, &mask_before, sizeof mask_before);
    child = fork();
    if (child == 0) {
        int moved;

        do {
            moved = dup3(fd, number, 0);
        } while (moved == -1 && errno == EINTR);
        _exit(moved == -1 ? errno | NOT_MOVED : fcntl(number, F_SETFL, flags) == -1 ? errno : 0);
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
     * Never retried: Linux frees the number before anything that can be interrupted, so that a second close could hit a
     * descriptor that another thread has just been given under the same number.
     */
    return syscall(SYS_close, fd) == -1 ? -errno : 0;
}

int32_t sp_close_range(int32_t first, int32_t last)
{
    return syscall(SYS_close_range, first, last, 0u) == -1 ? -errno : 0;
}

static void tell_stat(const struct stat *st, int64_t *fields)
{
    fields[0] = (int64_t)st->st_dev;
    fields[1] = (int64_t)st->st_ino;
    fields[2] = (int64_t)st->st_mode;
    fields[3] = (int64_t)st->st_uid;
    fields[4] = (int64_t)st->st_gid;
    fields[5] = (int64_t)st->st_size;
    fields[6] = (int64_t)st->st_nlink;
}

/* These two by number: glibc gave them symbols of their own only in 2.33, and the library is to load on older ones. */
int32_t sp_fstat(int32_t fd, int64_t stat_address)
{
    struct stat st;

    if (syscall(SYS_fstat, fd, &st) == -1)
        return -errno;
    tell_stat(&st, SP_POINTER(int64_t, stat_address));
    return 0;
}

int32_t sp_fstatat(int32_t fd_folder, int64_t path_address, int64_t stat_address)
{
    struct stat st;

    if (syscall(SYS_newfstatat, fd_folder, SP_POINTER(const char, path_address), &st, AT_SYMLINK_NOFOLLOW) == -1)
        return -errno;
    tell_stat(&st, SP_POINTER(int64_t, stat_address));
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
    /* Of what is no terminal each kind says so with an error of its own. */
    return errno == EBADF ? -EBADF : 0;
}

int32_t sp_terminal_columns(int32_t fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? (int32_t)size.ws_col : -errno;
}
