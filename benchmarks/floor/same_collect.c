/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls: what is asked before the first byte is cloned. */
#define _GNU_SOURCE
#include "same.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/utsname.h>
#include <unistd.h>

void look(int fd)
{
    struct stat stat;

    if (syscall(SYS_fstat, fd, &stat) == -1)
        fail("fstat");
}

void ask_of_process(void)
{
    getppid();
    getpgid(0);
    getsid(0);
}

int collect(int number)
{
    const int copy = fcntl(number, F_DUPFD_CLOEXEC, 0);
    struct f_owner_ex owner;

    if (copy == -1)
        fail("fcntl(F_DUPFD_CLOEXEC)");
    look(copy);
    fcntl(number, F_GETFD);
    fcntl(copy, F_GETFL);
    fcntl(copy, F_GETOWN_EX, &owner);
    fcntl(copy, F_GETSIG);
    return copy;
}

void ask_of_file_system(int copy)
{
    struct statfs found;

    if (fstatfs(copy, &found) == -1)
        fail("fstatfs");
}

void ask_of_kernel(void)
{
    struct utsname name;

    uname(&name);
}
