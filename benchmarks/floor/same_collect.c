/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls: what is asked before the first byte is cloned. */
#define _GNU_SOURCE
#include "same.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

void look(int fd)
{
    struct stat stat;

    if (syscall(SYS_fstat, fd, &stat) == -1)
        fail("fstat");
}

/* ProcFile.readOnce */
static void read_file(const char *path)
{
    char bytes[1024];
    const int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file == -1)
        fail("open below /proc");
    if (pread(file, bytes, sizeof bytes, 0) == -1)
        fail("read below /proc");
    close(file);
}

void ask_of_process(void)
{
    const struct ends pipe = make_pipe(0);
    char path[32];

    look(pipe.read);
    close_pipe(pipe);
    snprintf(path, sizeof path, "/proc/%d/stat", (int)getpid());
    read_file(path);
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

void ask_of_kernel(void)
{
    struct utsname name;

    uname(&name);
}
