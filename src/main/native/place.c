/* SPDX-License-Identifier: Apache-2.0 */
/* Fds that are in use get another open file description, unnoticed by whoever uses them. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#ifndef F_DUPFD_QUERY
#define F_DUPFD_QUERY 1027
#endif

/*
 * More than one system call, since none compares and replaces at once: comparing right before leaves the least time for another
 * thread to close fd_target and open something else there. Linux 6.10 and later compare by fcntl, in a fraction of the time that
 * kcmp takes. For SP_FAILED, 0 is dup3 and 1 is kcmp.
 */
int64_t sp_replace(int32_t fd_expected, int32_t fd_new, int32_t fd_target, int32_t flags)
{
    const int is_same = fcntl(fd_expected, F_DUPFD_QUERY, (long)fd_target);

    if (is_same == -1) {
        const long pid = getpid();
        const long order = syscall(SYS_kcmp, pid, pid, KCMP_FILE, (long)fd_expected, (long)fd_target);

        if (order != 0)
            return order == -1 ? SP_FAILED(1, errno) : -EBUSY;
    } else if (is_same == 0) {
        return -EBUSY;
    }
    SP_RETURN(int64_t, dup3(fd_new, fd_target, flags));
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
