/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes, and the bytes queued in them. */
#define _GNU_SOURCE
#include "capture.h"
#include "proctext.h"
#include "standpipe.h"
#include "syscall.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
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
    SP_RETURN(int64_t, syscall(SYS_tee, fd_in, fd_out, (size_t)length, (unsigned)flags));
}

int64_t sp_splice(int32_t fd_in, int64_t offset_in, int32_t fd_out, int64_t offset_out, int64_t length, int32_t flags)
{
    /* Negative means none: a pipe has no offset, and a file then uses and moves its own. */
    off_t in = offset_in;
    off_t out = offset_out;

    SP_RETURN(int64_t, syscall(SYS_splice, fd_in, offset_in < 0 ? NULL : &in, fd_out, offset_out < 0 ? NULL : &out,
                               (size_t)length, (unsigned)flags));
}

int64_t sp_vmsplice(int32_t fd, int64_t address, int64_t length, int32_t flags)
{
    const struct iovec memory = {.iov_base = SP_POINTER(void, address), .iov_len = (size_t)length};

    SP_RETURN(int64_t, syscall(SYS_vmsplice, fd, &memory, (size_t)1, (unsigned)flags));
}

int32_t sp_fionread(int32_t fd)
{
    int queued = 0;

    return ioctl(fd, FIONREAD, &queued) == -1 ? -errno : queued;
}

int32_t sp_poll(int32_t fd, int32_t events, int32_t timeout_millis)
{
    struct pollfd polled = {.fd = fd, .events = (short)events, .revents = 0};

    /* Not retried after EINTR: the time waited so far would be waited once more. */
    return poll(&polled, 1, timeout_millis) == -1 ? -errno : polled.revents;
}

/* Returns an fd by which a pipe can be read. The file of /proc is this process's, also where it shares fds with a JVM. */
static int open_read_end(int fd_write)
{
    char path[32];

    sp_append_number(sp_append(path, "/proc/self/fd/"), fd_write);
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static int64_t tee_all(int from, int to)
{
    long result;

    do {
        result = syscall(SYS_tee, from, to, (size_t)INT32_MAX, SPLICE_F_NONBLOCK);
    } while (result == -1 && errno == EINTR);
    return result != -1 ? result : errno == EAGAIN ? 0 : -errno;
}

/* Copies what is in a clone, which keeps it. Returns how many bytes, or -errno. */
static int64_t copy_bytes(const struct sp_capture *c)
{
    const int64_t bytes = tee_all(c->to, c->fd_through);
    int64_t done = 0;

    while (done < bytes) {
        const long result = syscall(SYS_read, c->fd_through, SP_POINTER(char, c->copy) + done, (size_t)(bytes - done));

        if (result <= 0 && !(result == -1 && errno == EINTR))
            return result == 0 ? -EPIPE : -errno;
        done += result > 0 ? result : 0;
    }
    return bytes;
}

static int64_t capture_by_write_end(const struct sp_capture *c)
{
    const int32_t queued = sp_fionread(c->from);
    int64_t bytes;
    int fd;

    /* A new read end would be noticed: writers would not get SIGPIPE, and open() of a FIFO would return. */
    if (queued <= 0)
        return queued;
    fd = open_read_end(c->from);
    if (fd == -1)
        return -errno;
    bytes = tee_all(fd, c->to);
    syscall(SYS_close, fd);
    return bytes;
}

int32_t sp_take_captures(struct sp_capture *captures, int32_t count)
{
    int32_t failed = 0;
    int32_t i;

    for (i = 0; i < count; i++) {
        struct sp_capture *c = &captures[i];

        if (c->by == SP_NOT_NOW)
            continue;
        c->bytes = c->by == SP_BY_WRITE_END ? capture_by_write_end(c) : tee_all(c->from, c->to);
        if (c->bytes > 0 && c->copy != 0)
            c->copied = copy_bytes(c);
        failed += c->bytes < 0 || c->copied < 0;
    }
    return failed;
}

/* More than one system call, so that the captures are as close to one instant as possible: no safepoint comes between them. */
int32_t sp_capture(int64_t captures_address, int32_t count)
{
    return sp_take_captures(SP_POINTER(struct sp_capture, captures_address), count);
}
