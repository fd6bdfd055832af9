/* SPDX-License-Identifier: Apache-2.0 */
/* A connection to a Unix socket that another process listens at. */
#define _GNU_SOURCE
#include "proctext.h"
#include "standpipe.h"
#include "syscall.h"

#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECT_STACK_BYTES = 65536 };

/* Which call failed, for SP_FAILED; LocalSocket.java has the same numbers. */
enum { CONNECT_SOCKET = 1, CONNECT_MMAP, CONNECT_CLONE, CONNECT_SETRESGID, CONNECT_SETRESUID, CONNECT_CONNECT };

struct connection {
    int32_t file;
    int32_t uid;
    int32_t gid;
    int socket;
    int64_t result;
};

static int run_connect(void *argument)
{
    struct connection *c = argument;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    long result;

    sp_append_number(sp_append(address.sun_path, "/proc/self/fd/"), c->file);
    if (syscall(SYS_setresgid, -1L, (long)c->gid, -1L) == -1) {
        c->result = SP_FAILED(CONNECT_SETRESGID, errno);
        return 0;
    }
    if (syscall(SYS_setresuid, -1L, (long)c->uid, -1L) == -1) {
        c->result = SP_FAILED(CONNECT_SETRESUID, errno);
        return 0;
    }
    do {
        result = syscall(SYS_connect, c->socket, &address, sizeof address);
    } while (result == -1 && errno == EINTR);
    c->result = result == -1 ? SP_FAILED(CONNECT_CONNECT, errno) : c->socket;
    return 0;
}

/* Runs run_connect in a process that shares memory and fds with this one. */
static void run_in_child(struct connection *c)
{
    char *stack = mmap(NULL, CONNECT_STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    const uint64_t all = UINT64_MAX;
    uint64_t mask = 0;
    int status = 0;
    int child;

    if (stack == MAP_FAILED) {
        c->result = SP_FAILED(CONNECT_MMAP, errno);
        return;
    }
    c->result = SP_FAILED(CONNECT_CLONE, ECANCELED); /* unless it comes to its end */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof mask);
    child = clone(run_connect, stack + CONNECT_STACK_BYTES, CLONE_VM | CLONE_VFORK | CLONE_FILES, c);
    if (child == -1)
        c->result = SP_FAILED(CONNECT_CLONE, errno);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    if (child != -1) {
        while (waitpid(child, &status, __WALL) == -1 && errno == EINTR)
            continue;
    }
    munmap(stack, CONNECT_STACK_BYTES);
}

/*
 * More than one system call: who listens sees the effective user and group of the moment of connect (SO_PEERCRED), and these are
 * another's for a process of its own, so that no thread of the JVM ever has them, and none has to get its own back.
 * Does not wait: -EAGAIN if the other process has to accept earlier connections first.
 */
int64_t sp_connect(int32_t fd_file, int32_t uid, int32_t gid)
{
    struct connection c = {.file = fd_file, .uid = uid, .gid = gid};

    c.socket = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (c.socket == -1)
        return SP_FAILED(CONNECT_SOCKET, errno);
    run_in_child(&c);
    if (c.result < 0)
        syscall(SYS_close, c.socket);
    return c.result;
}
