/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes: making them, and moving what is in them. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

int64_t sp_pipe2(int32_t flags)
{
    int ends[2];

    if (pipe2(ends, flags) == -1)
        return -errno;
    return ((int64_t)ends[1] << 32) | ends[0];
}

int64_t sp_tee(int32_t fd_in, int32_t fd_out, int64_t length, int32_t flags)
{
    SP_RETURN(int64_t, tee(fd_in, fd_out, (size_t)length, (unsigned)flags));
}

int64_t sp_splice(int32_t fd_in, int64_t offset_in, int32_t fd_out, int64_t offset_out, int64_t length, int32_t flags)
{
    /* A negative offset means "none": pipes take none, files then use and move their own. */
    off64_t in = offset_in;
    off64_t out = offset_out;

    SP_RETURN(int64_t, splice(fd_in, offset_in < 0 ? NULL : &in, fd_out, offset_out < 0 ? NULL : &out,
                              (size_t)length, (unsigned)flags));
}

int32_t sp_fionread(int32_t fd)
{
    int queued = 0;

    return ioctl(fd, FIONREAD, &queued) == -1 ? -errno : queued;
}

int32_t sp_poll(int32_t fd, int32_t events, int32_t timeout_millis)
{
    struct pollfd polled = {.fd = fd, .events = (short)events, .revents = 0};

    /* Not retried after EINTR: the time already waited would be waited again. */
    return poll(&polled, 1, timeout_millis) == -1 ? -errno : polled.revents;
}

/* As Java lays it out: 24 bytes. */
struct capture {
    int32_t from;     /* a pipe that can be read */
    int32_t to;       /* an empty one of its capacity, which can be read and written */
    int32_t capacity; /* of both, in bytes */
    int32_t full;     /* out: whether the clone has no slot left, though it has room for more bytes */
    int64_t bytes;    /* out: how many were cloned, 0 for an empty pipe, or -errno */
};

static int needs_a_look(struct capture *c)
{
    struct pollfd clone = {.fd = c->to, .events = POLLOUT, .revents = 0};
    int capacity;

    do {
        c->bytes = tee(c->from, c->to, INT32_MAX, SPLICE_F_NONBLOCK);
    } while (c->bytes == -1 && errno == EINTR);
    if (c->bytes == -1)
        c->bytes = errno == EAGAIN ? 0 : -errno;
    capacity = fcntl(c->from, F_GETPIPE_SZ);
    c->full = c->bytes > 0 && c->bytes < capacity && poll(&clone, 1, 0) == 0;
    return c->bytes < 0 || c->full || capacity != c->capacity;
}

/*
 * More than one system call, because the pipes' users stand still meanwhile: nothing of the JVM's may come between. Returns
 * how many captures need another look: those that failed, those whose source has another capacity by now, and full ones.
 */
int32_t sp_capture(int64_t captures_address, int32_t count)
{
    struct capture *captures = SP_POINTER(struct capture, captures_address);
    int32_t look = 0;
    int32_t i;

    for (i = 0; i < count; i++)
        look += needs_a_look(&captures[i]);
    return look;
}
