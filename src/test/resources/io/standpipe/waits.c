/* SPDX-License-Identifier: Apache-2.0 */
/* Waits in the system call that its argument names. Prints "waits" before, and afterwards "EINTR" or "went on"; and stays. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define IS(name) (strcmp(call, name) == 0)

static long wait_in(const char *call)
{
    const struct timespec minute = {.tv_sec = 60};
    const struct timeval timeout = {.tv_sec = 60};
    struct sembuf take = {.sem_op = -1};
    struct epoll_event event = {.events = EPOLLIN};
    char bytes[65536] = {0};
    const struct iovec page = {.iov_base = bytes, .iov_len = 4096};
    int empty[2];
    int full[2];
    int sockets[2];
    sigset_t usr1;
    fd_set set;

    if (pipe(empty) == -1 || pipe(full) == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == -1)
        return -2;
    if (write(full[1], bytes, sizeof bytes) != sizeof bytes)
        return -2;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    FD_ZERO(&set);
    FD_SET(empty[0], &set);
    if (IS("epoll_wait")) {
        const int epoll = epoll_create1(0);

        epoll_ctl(epoll, EPOLL_CTL_ADD, empty[0], &event);
        return epoll_wait(epoll, &event, 1, -1);
    }
    if (IS("sigtimedwait")) {
        sigprocmask(SIG_BLOCK, &usr1, NULL);
        return sigtimedwait(&usr1, NULL, &minute);
    }
    if (IS("semtimedop")) {
        const int id = semget(IPC_PRIVATE, 1, 0600);
        const long result = semtimedop(id, &take, 1, &minute);
        const int error = errno;

        semctl(id, 0, IPC_RMID);
        errno = error;
        return result;
    }
    if (IS("msgrcv")) {
        const int id = msgget(IPC_PRIVATE, 0600);
        const long result = msgrcv(id, bytes, 8, 0, 0);
        const int error = errno;

        msgctl(id, IPC_RMID, NULL);
        errno = error;
        return result;
    }
    if (IS("recv")) {
        setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
        return recv(sockets[0], bytes, 1, 0);
    }
    if (IS("read"))
        return read(empty[0], bytes, 1);
    if (IS("write"))
        return write(full[1], bytes, 1);
    if (IS("splice"))
        return splice(empty[0], NULL, full[1], NULL, 1, 0);
    if (IS("tee"))
        return tee(empty[0], full[1], 1, 0);
    if (IS("vmsplice"))
        return vmsplice(full[1], &page, 1, 0);
    if (IS("poll")) {
        struct pollfd polled = {.fd = empty[0], .events = POLLIN};

        return poll(&polled, 1, -1);
    }
    if (IS("select"))
        return select(empty[0] + 1, &set, NULL, NULL, NULL);
    if (IS("nanosleep"))
        return nanosleep(&minute, NULL);
    return -2;
}

int main(int count, char **arguments)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count != 2)
        return 2;
    printf("waits\n");
    printf("%s\n", wait_in(arguments[1]) == -1 && errno == EINTR ? "EINTR" : "went on");
    /* A checkpoint of a process that ends meanwhile fails. */
    pause();
    return 0;
}
