/* SPDX-License-Identifier: Apache-2.0 */
/* Fds that are in use get another open file description, unnoticed by whoever uses them. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef F_DUPFD_QUERY
#define F_DUPFD_QUERY 1027
#endif

/* For SP_FAILED; FdCalls.java has the same order. */
enum { DUP_3, KCMP, EPOLL_CTL, GETFL, FSTAT };

/* Returns whether two fds name the same file, both opened with O_PATH, or SP_FAILED: such fds differ in nothing else. */
static int64_t is_same_name(int fd_expected, int fd)
{
    const int flags_expected = fcntl(fd_expected, F_GETFL);
    const int flags = fcntl(fd, F_GETFL);
    struct stat expected;
    struct stat found;

    if (flags_expected == -1 || flags == -1)
        return SP_FAILED(GETFL, errno);
    if ((flags_expected & flags & O_PATH) == 0)
        return 0;
    if (syscall(SYS_fstat, fd_expected, &expected) == -1 || syscall(SYS_fstat, fd, &found) == -1)
        return SP_FAILED(FSTAT, errno);
    return found.st_dev == expected.st_dev && found.st_ino == expected.st_ino;
}

/*
 * Returns whether an epoll set watches an fd's description by this fd already, or SP_FAILED; from then on it does. With O_PATH an fd
 * cannot be watched.
 */
static int64_t is_watched(int fd_set, int fd_expected, int fd)
{
    struct epoll_event event = {0};

    if (epoll_ctl(fd_set, EPOLL_CTL_ADD, fd, &event) == 0)
        return 0;
    if (errno == EEXIST)
        return 1;
    if (errno == EBADF || errno == EPERM)
        return is_same_name(fd_expected, fd);
    return SP_FAILED(EPOLL_CTL, errno);
}

/* Returns whether two fds have the same description, or SP_FAILED. */
static int64_t is_same(int fd_expected, int fd, int fd_set)
{
    const long pid = getpid();
    const int answer = fcntl(fd_expected, F_DUPFD_QUERY, (long)fd);
    long order;

    if (answer != -1)
        return answer;
    order = syscall(SYS_kcmp, pid, pid, KCMP_FILE, (long)fd_expected, (long)fd);
    if (order != -1)
        return order == 0;
    return fd_set != -1 && (errno == ENOSYS || errno == EPERM) ? is_watched(fd_set, fd_expected, fd) : SP_FAILED(KCMP, errno);
}

/*
 * More than one system call, since none compares and replaces at once: comparing right before leaves the least time for another
 * thread to close fd_target and open something else there. Linux 6.10 and later compare by fcntl, in a fraction of the time that
 * kcmp takes. Where neither is available, fd_set decides, an epoll set that watches fd_target from when it had the expected
 * description; afterwards it watches the new one, so that this can be undone.
 */
int64_t sp_replace(int32_t fd_expected, int32_t fd_new, int32_t fd_target, int32_t flags, int32_t fd_set)
{
    const int64_t same = is_same(fd_expected, fd_target, fd_set);
    const int flags_before = fd_set == -1 ? 0 : fcntl(fd_target, F_GETFD);
    int64_t watched;
    int placed;

    if (same <= 0)
        return same < 0 ? same : -EBUSY;
    do {
        placed = dup3(fd_new, fd_target, flags);
    } while (placed == -1 && errno == EINTR);
    if (placed == -1)
        return SP_FAILED(DUP_3, errno);
    watched = fd_set == -1 ? 1 : is_watched(fd_set, fd_new, fd_target);
    if (watched < 0)
        dup3(fd_expected, fd_target, flags_before == FD_CLOEXEC ? O_CLOEXEC : 0);
    return watched < 0 ? watched : placed;
}

int32_t sp_epoll_create1(int32_t flags)
{
    SP_RETURN(int32_t, epoll_create1(flags));
}

int32_t sp_epoll_ctl(int32_t fd_epoll, int32_t operation, int32_t fd, int32_t events, int64_t data)
{
    struct epoll_event event = {.events = (uint32_t)events, .data = {.u64 = (uint64_t)data}};

    SP_RETURN(int32_t, epoll_ctl(fd_epoll, operation, fd, &event));
}

/*
 * Has a thread's system call begin anew, by the signal with which the JDK interrupts its own blocked threads. The JDK's handler for
 * it does nothing; without a handler, for which the first call looks, the signal would end the process.
 */
int32_t sp_interrupt_thread(int32_t thread)
{
    const int jdk_signal = SIGRTMAX - 2;
    struct sigaction action;

    if (sigaction(jdk_signal, NULL, &action) == -1)
        return -errno;
    if ((action.sa_flags & SA_SIGINFO) == 0 && (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN))
        return -ENOTSUP;
    SP_RETURN(int32_t, syscall(SYS_tgkill, (long)getpid(), (long)thread, (long)jdk_signal));
}
