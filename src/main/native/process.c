/* SPDX-License-Identifier: Apache-2.0 */
/* Other processes, and what this process is allowed. By number: older C libraries have no wrappers, or types of their own. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/utsname.h>
#include <unistd.h>

int32_t sp_pidfd_open(int32_t pid, int32_t flags)
{
    SP_RETURN(int32_t, syscall(SYS_pidfd_open, pid, flags));
}

int32_t sp_pidfd_getfd(int32_t pidfd, int32_t fd, int32_t flags)
{
    SP_RETURN(int32_t, syscall(SYS_pidfd_getfd, pidfd, fd, flags));
}

int32_t sp_pidfd_send_signal(int32_t pidfd, int32_t signal)
{
    SP_RETURN(int32_t, syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int64_t sp_waitpid(int32_t pid)
{
    int status = 0;
    pid_t waited;

    do {
        waited = waitpid(pid, &status, 0);
    } while (waited == -1 && errno == EINTR);
    return waited == -1 ? -errno : status;
}

int32_t sp_kcmp(int32_t pid1, int32_t pid2, int32_t type, int64_t index1, int64_t index2)
{
    SP_RETURN(int32_t, syscall(SYS_kcmp, pid1, pid2, type, index1, index2));
}

int64_t sp_getrlimit(int32_t resource)
{
    struct rlimit limit;

    if (syscall(SYS_prlimit64, 0, resource, NULL, &limit) == -1)
        return -errno;
    return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

int32_t sp_bpf(int32_t command, int64_t attributes_address, int32_t length)
{
    SP_RETURN(int32_t, syscall(SYS_bpf, command, SP_POINTER(void, attributes_address), length));
}

int32_t sp_gettid(void)
{
    return (int32_t)syscall(SYS_gettid);
}

int32_t sp_getppid(void)
{
    return (int32_t)syscall(SYS_getppid);
}

int32_t sp_getpgrp(void)
{
    return (int32_t)syscall(SYS_getpgid, 0);
}

int32_t sp_getsid(void)
{
    return (int32_t)syscall(SYS_getsid, 0);
}

int32_t sp_uname(int64_t address)
{
    SP_RETURN(int32_t, uname(SP_POINTER(struct utsname, address)));
}

int32_t sp_page_size(void)
{
    return (int32_t)sysconf(_SC_PAGESIZE);
}
