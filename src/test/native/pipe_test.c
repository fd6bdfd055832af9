/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "capture.h"
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void pipe2_makes_a_pipe(void)
{
    const int64_t both = sp_pipe2(O_CLOEXEC | O_NONBLOCK);
    const struct pipe_ends ends = {.read = (int)(both & INT32_MAX), .write = (int)(both >> 32)};

    EXPECT_TRUE(both > 0);
    EXPECT(FD_CLOEXEC, fcntl(ends.read, F_GETFD));
    EXPECT(O_RDONLY | O_NONBLOCK, flags_of(ends.read));
    EXPECT(O_WRONLY | O_NONBLOCK, flags_of(ends.write));
    put(ends.write, "through");
    EXPECT_TRUE(gives(ends.read, "through"));
    close_pipe(ends);
}

static void pipe2_refuses_other_flags(void)
{
    EXPECT(-EINVAL, sp_pipe2(O_TRUNC));
}

static void pipe2_without_free_fds_fails(void)
{
    struct rlimit limit;
    struct rlimit none;

    getrlimit(RLIMIT_NOFILE, &limit);
    none = limit;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
    EXPECT(-EMFILE, sp_pipe2(0));
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void tee_consumes_nothing(void)
{
    const struct pipe_ends in = open_pipe();
    const struct pipe_ends out = open_pipe();

    put(in.write, "both");
    EXPECT(4, sp_tee(in.read, out.write, INT32_MAX, SPLICE_F_NONBLOCK));
    EXPECT(4, queued(in.read));
    EXPECT_TRUE(gives(out.read, "both"));
    EXPECT_TRUE(gives(in.read, "both"));
    close_pipe(in);
    close_pipe(out);
}

static void tee_distinguishes_an_empty_pipe_from_the_end(void)
{
    const struct pipe_ends in = open_pipe();
    const struct pipe_ends out = open_pipe();

    EXPECT(-EAGAIN, sp_tee(in.read, out.write, INT32_MAX, SPLICE_F_NONBLOCK));
    close(in.write);
    EXPECT(0, sp_tee(in.read, out.write, INT32_MAX, SPLICE_F_NONBLOCK));
    close(in.read);
    close_pipe(out);
}

static void tee_refuses_what_is_no_other_pipe(void)
{
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("");

    EXPECT(-EBADF, sp_tee(BAD_FD, ends.write, 1, 0));
    EXPECT(-EBADF, sp_tee(ends.read, BAD_FD, 1, 0));
    EXPECT(-EINVAL, sp_tee(ends.read, file, 1, 0));
    EXPECT(-EINVAL, sp_tee(ends.read, ends.write, 1, 0));
    close(file);
    close_pipe(ends);
}

static void splice_moves_to_an_offset_and_back(void)
{
    const int64_t far = INT64_C(5) << 30; /* an offset that 32 bits do not hold */
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("");

    put(ends.write, "payload");
    EXPECT(7, sp_splice(ends.read, -1, file, far, 7, 0));
    EXPECT(0, queued(ends.read));
    EXPECT(far + 7, lseek(file, 0, SEEK_END));
    EXPECT(4, sp_splice(file, far + 3, ends.write, -1, 4, 0));
    EXPECT_TRUE(gives(ends.read, "load"));
    close(file);
    close_pipe(ends);
}

static void splice_moves_on_the_offset_of_a_file_that_is_given_none(void)
{
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("onetwo");

    EXPECT(3, sp_splice(file, -1, ends.write, -1, 3, 0));
    EXPECT(3, sp_splice(file, -1, ends.write, -1, 9, 0));
    EXPECT(0, sp_splice(file, -1, ends.write, -1, 9, 0));
    EXPECT(6, lseek(file, 0, SEEK_CUR));
    EXPECT_TRUE(gives(ends.read, "onetwo"));
    close(file);
    close_pipe(ends);
}

static void splice_refuses_what_it_cannot_move(void)
{
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("x");

    EXPECT(-EBADF, sp_splice(BAD_FD, -1, ends.write, -1, 1, 0));
    EXPECT(-EINVAL, sp_splice(file, -1, file, -1, 1, 0));
    EXPECT(-ESPIPE, sp_splice(ends.read, 0, file, -1, 1, 0));
    EXPECT(-EAGAIN, sp_splice(ends.read, -1, file, -1, 1, SPLICE_F_NONBLOCK));
    close(file);
    close_pipe(ends);
}

static void vmsplice_puts_memory_into_a_pipe(void)
{
    static char memory[] = "memory";
    const struct pipe_ends ends = open_pipe();

    EXPECT(6, sp_vmsplice(ends.write, ADDRESS(memory), 6, SPLICE_F_NONBLOCK));
    EXPECT(6, queued(ends.write));
    EXPECT_TRUE(gives(ends.read, "memory"));
    close_pipe(ends);
}

static void vmsplice_takes_bytes_from_a_pipe(void)
{
    char memory[8] = {0};
    const struct pipe_ends ends = open_pipe();

    put(ends.write, "four");
    EXPECT(3, sp_vmsplice(ends.read, ADDRESS(memory), 3, 0));
    EXPECT(0, memcmp(memory, "fou\0\0\0\0\0", sizeof memory));
    EXPECT(1, queued(ends.read));
    close_pipe(ends);
}

static void vmsplice_distinguishes_a_full_pipe_from_a_broken_one(void)
{
    static char byte = 'x';
    const struct pipe_ends ends = open_pipe();

    EXPECT(4096, fcntl(ends.write, F_SETPIPE_SZ, 4096));
    EXPECT(1, sp_vmsplice(ends.write, ADDRESS(&byte), 1, SPLICE_F_NONBLOCK));
    EXPECT(-EAGAIN, sp_vmsplice(ends.write, ADDRESS(&byte), 1, SPLICE_F_NONBLOCK));
    close(ends.read);
    EXPECT(-EPIPE, sp_vmsplice(ends.write, ADDRESS(&byte), 1, SPLICE_F_NONBLOCK));
    close(ends.write);
}

static void vmsplice_refuses_what_is_no_pipe(void)
{
    static char byte = 'x';
    const int file = open_file("");

    EXPECT(-EBADF, sp_vmsplice(BAD_FD, ADDRESS(&byte), 1, 0));
    EXPECT(-EBADF, sp_vmsplice(file, ADDRESS(&byte), 1, 0));
    close(file);
}

static void fionread_counts_what_is_queued(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(0, sp_fionread(ends.read));
    put(ends.write, "four");
    EXPECT(4, sp_fionread(ends.read));
    EXPECT(4, sp_fionread(ends.write));
    close_pipe(ends);
}

static void fionread_refuses_what_has_no_queue(void)
{
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    EXPECT(-EBADF, sp_fionread(BAD_FD));
    EXPECT(-ENOTTY, sp_fionread(null));
    close(null);
}

static void poll_returns_events(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(0, sp_poll(ends.read, POLLIN, 0));
    EXPECT(POLLOUT, sp_poll(ends.write, POLLOUT, 0));
    put(ends.write, "x");
    EXPECT(POLLIN, sp_poll(ends.read, POLLIN, -1));
    close(ends.write);
    EXPECT(POLLIN | POLLHUP, sp_poll(ends.read, POLLIN, -1));
    EXPECT(POLLNVAL, sp_poll(ends.write, POLLIN, 0));
    close(ends.read);
}

static void capture_clones_one_after_another(void)
{
    const struct pipe_ends full = open_pipe();
    const struct pipe_ends empty = open_pipe();
    const struct pipe_ends clone = open_pipe();
    struct sp_capture captures[3] = {{.from = full.read, .to = clone.write, .bytes = 99},
                                     {.from = empty.read, .to = clone.write, .bytes = 99},
                                     {.from = BAD_FD, .to = clone.write, .bytes = 99}};

    put(full.write, "payload");
    EXPECT(1, sp_capture(ADDRESS(captures), 3));
    EXPECT(7, captures[0].bytes);
    EXPECT(0, captures[1].bytes);
    EXPECT(-EBADF, captures[2].bytes);
    EXPECT_TRUE(gives(clone.read, "payload"));
    EXPECT_TRUE(gives(full.read, "payload"));
    close_pipe(full);
    close_pipe(empty);
    close_pipe(clone);
}

static void capture_of_nothing_touches_nothing(void)
{
    EXPECT(0, sp_capture(0, 0));
}

/* The pipe has a write end only, and nobody else has a read end. */
static void capture_by_a_write_end_opens_nothing_for_an_empty_pipe(void)
{
    const struct pipe_ends clone = open_pipe();
    struct pipe_ends pipe = open_pipe();
    struct sp_capture capture = {.from = pipe.write, .to = clone.write, .bytes = 99, .by = SP_BY_WRITE_END};
    int limit;

    put(pipe.write, "left");
    close(pipe.read);
    EXPECT(0, sp_capture(ADDRESS(&capture), 1));
    EXPECT(4, capture.bytes);
    EXPECT_TRUE(gives(clone.read, "left"));
    EXPECT(POLLERR, sp_poll(pipe.write, 0, 0));
    close(pipe.write);

    pipe = open_pipe();
    close(pipe.read);
    capture.from = pipe.write;
    limit = open_descriptors();
    EXPECT(0, sp_capture(ADDRESS(&capture), 1));
    EXPECT(0, capture.bytes);
    EXPECT(limit, open_descriptors());
    EXPECT(POLLERR, sp_poll(pipe.write, 0, 0));
    close(pipe.write);
    close_pipe(clone);
}

const struct test pipe_tests[] = {
    {"sp_pipe2", "makes a pipe, its read end in the lower half", pipe2_makes_a_pipe},
    {"sp_pipe2", "refuses other flags", pipe2_refuses_other_flags},
    {"sp_pipe2", "without free fds fails", pipe2_without_free_fds_fails},
    {"sp_tee", "consumes nothing", tee_consumes_nothing},
    {"sp_tee", "distinguishes an empty pipe from the end", tee_distinguishes_an_empty_pipe_from_the_end},
    {"sp_tee", "refuses what is no other pipe", tee_refuses_what_is_no_other_pipe},
    {"sp_splice", "moves to an offset and back", splice_moves_to_an_offset_and_back},
    {"sp_splice", "moves on the offset of a file that is given none",
     splice_moves_on_the_offset_of_a_file_that_is_given_none},
    {"sp_splice", "refuses what it cannot move", splice_refuses_what_it_cannot_move},
    {"sp_vmsplice", "puts memory into a pipe", vmsplice_puts_memory_into_a_pipe},
    {"sp_vmsplice", "takes bytes from a pipe", vmsplice_takes_bytes_from_a_pipe},
    {"sp_vmsplice", "distinguishes a full pipe from a broken one", vmsplice_distinguishes_a_full_pipe_from_a_broken_one},
    {"sp_vmsplice", "refuses what is no pipe", vmsplice_refuses_what_is_no_pipe},
    {"sp_fionread", "counts what is queued", fionread_counts_what_is_queued},
    {"sp_fionread", "refuses what has no queue", fionread_refuses_what_has_no_queue},
    {"sp_poll", "returns events", poll_returns_events},
    {"sp_capture", "clones one after another", capture_clones_one_after_another},
    {"sp_capture", "by a write end opens nothing for an empty pipe",
     capture_by_a_write_end_opens_nothing_for_an_empty_pipe},
    {"sp_capture", "of nothing touches nothing", capture_of_nothing_touches_nothing},
    {0},
};
