/* SPDX-License-Identifier: Apache-2.0 */
/* Processes, threads and limits. By SYS_ number: older C libraries lack functions for these, or have types of their own. */
#define _GNU_SOURCE
#include "proctext.h"
#include "standpipe.h"
#include "syscall.h"

#include <fcntl.h>
#include <string.h>
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

/* Returns what follows a name, which begins with the newline before it; NULL if no complete line has the name. */
static const char *find_field(const char *text, const char *name, size_t length)
{
    const char *found = strstr(text, name);

    return found == NULL || strchr(found + length, '\n') == NULL ? NULL : found + length;
}

static uint64_t parse(const char *digits, unsigned base)
{
    uint64_t number = 0;

    for (; *digits >= '0' && *digits < '0' + (int)base; digits++)
        number = number * base + (uint64_t)(*digits - '0');
    return number;
}

#define FIND_FIELD(text, name) find_field(text, name, sizeof name - 1)

/* Reads up to the line with the inode's number, or to the end if the kernel shows none; returns 0 or -errno. */
static int read_fdinfo(int fd, char *text, size_t size)
{
    size_t length = 0;
    long more;

    do {
        do {
            more = syscall(SYS_read, fd, text + length, size - 1 - length);
        } while (more == -1 && errno == EINTR);
        if (more == -1)
            return -errno;
        length += (size_t)more;
        text[length] = '\0';
    } while (more > 0 && FIND_FIELD(text, "\nino:\t") == NULL);
    return 0;
}

/* Which call failed, for SP_FAILED; FdInfo.java has the same numbers. */
enum { OPENAT = 1, READ };

/*
 * Three system calls, which are made for each fd of another process: the path, the buffer and the text of each took half the time
 * of a checkpoint when Java made them.
 */
int64_t sp_fdinfo(int32_t pid, int32_t fd, int64_t fields_address)
{
    int64_t *fields = SP_POINTER(int64_t, fields_address);
    char path[64];
    char text[512];
    const char *flags;
    const char *inode;
    int result;
    int file;

    sp_append_number(sp_append(sp_append_number(sp_append(path, "/proc/"), pid), "/fdinfo/"), fd);
    do {
        file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    } while (file == -1 && errno == EINTR);
    if (file == -1)
        return SP_FAILED(OPENAT, errno);
    result = read_fdinfo(file, text, sizeof text);
    syscall(SYS_close, file);
    if (result < 0)
        return SP_FAILED(READ, -result);
    flags = FIND_FIELD(text, "\nflags:\t");
    inode = FIND_FIELD(text, "\nino:\t");
    fields[0] = flags == NULL ? -1 : (int64_t)parse(flags, 8);
    fields[1] = inode == NULL ? 0 : (int64_t)parse(inode, 10);
    return 0;
}

int64_t sp_getrlimit(int32_t resource)
{
    struct rlimit limit;

    if (syscall(SYS_prlimit64, 0, resource, NULL, &limit) == -1)
        return -errno;
    return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

int32_t sp_getpid(void)
{
    return (int32_t)syscall(SYS_getpid);
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
