/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes, and the bytes queued in them. */
#define _GNU_SOURCE
#include "capture.h"
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

int32_t sp_take_captures(struct sp_capture *captures, int32_t count)
{
    int32_t failed = 0;
    int32_t i;

    for (i = 0; i < count; i++) {
        struct sp_capture *c = &captures[i];

        do {
            c->bytes = syscall(SYS_tee, c->from, c->to, (size_t)INT32_MAX, SPLICE_F_NONBLOCK);
        } while (c->bytes == -1 && errno == EINTR);
        if (c->bytes == -1) {
            c->bytes = errno == EAGAIN ? 0 : -errno;
            failed += c->bytes != 0;
        }
    }
    return failed;
}

/* More than one system call, so that the captures are as close to one instant as possible: no safepoint comes between them. */
int32_t sp_capture(int64_t captures_address, int32_t count)
{
    return sp_take_captures(SP_POINTER(struct sp_capture, captures_address), count);
}
