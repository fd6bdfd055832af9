/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls: what is asked before the first byte is cloned. */
#define _GNU_SOURCE
#include "same.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void look(int fd)
{
    struct stat stat;

    if (syscall(SYS_fstat, fd, &stat) == -1)
        fail("fstat");
}

/* Files.readString: a file of /proc, of which nothing but reading tells how long it is. */
static void read_file(const char *path, size_t first_bytes)
{
    char bytes[8192];
    struct stat stat;
    const int file = open(path, O_RDONLY);

    if (file == -1)
        fail("open below /proc");
    fstat(file, &stat);
    if (read(file, bytes, first_bytes) == -1)
        fail("read below /proc");
    if (first_bytes == 1) {
        while (read(file, bytes, sizeof bytes - 1) > 0)
            ;
    }
    close(file);
}

void ask_of_process(void)
{
    struct clone pipe;
    char path[32];

    open_clone(&pipe);
    look(pipe.ends.read);
    close_clone(&pipe);
    snprintf(path, sizeof path, "/proc/%d/stat", (int)getpid());
    read_file(path, 1);
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
    read_file("/proc/sys/kernel/osrelease", 4096);
    read_file("/proc/sys/kernel/version", 4096);
}
