/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: reading and writing. */
#define _GNU_SOURCE
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define FAR (INT64_C(5) << 30) /* an offset that 32 bits do not hold */

static int fd_interrupted; /* the handler writes here */

static void read_distinguishes_bytes_emptiness_and_the_end(void)
{
    const struct pipe_ends ends = open_pipe();
    char bytes[8] = {0};

    fcntl(ends.read, F_SETFL, O_NONBLOCK);
    EXPECT(-EAGAIN, sp_read(ends.read, ADDRESS(bytes), sizeof bytes));
    put(ends.write, "four");
    EXPECT(3, sp_read(ends.read, ADDRESS(bytes), 3));
    EXPECT(0, memcmp(bytes, "fou\0\0\0\0\0", sizeof bytes));
    EXPECT(1, sp_read(ends.read, ADDRESS(bytes), sizeof bytes));
    close(ends.write);
    EXPECT(0, sp_read(ends.read, ADDRESS(bytes), sizeof bytes));
    close(ends.read);
    EXPECT(-EBADF, sp_read(BAD_FD, ADDRESS(bytes), sizeof bytes));
}

static void read_to_a_bad_address_consumes_nothing(void)
{
    const struct pipe_ends ends = open_pipe();

    if (are_bad_addresses_allowed()) {
        put(ends.write, "four");
        EXPECT(-EFAULT, sp_read(ends.read, bad_address(), 4));
        EXPECT(4, queued(ends.read));
    }
    close_pipe(ends);
}

static void report_interruption(int signal)
{
    const ssize_t written = write(fd_interrupted, "!", 1);

    (void)signal;
    (void)written;
}

/* Interrupts the parent's read once it blocks, and gives it a byte when that has been seen to. */
static void interrupt_parent(struct pipe_ends read_by_parent, int interrupted)
{
    char byte;

    await_state(getppid(), "S");
    kill(getppid(), SIGUSR1);
    if (read(interrupted, &byte, 1) == 1)
        put(read_by_parent.write, "x");
    _exit(0);
}

static void read_goes_on_after_an_interruption(void)
{
    const struct sigaction action = {.sa_handler = report_interruption};
    const struct pipe_ends ends = open_pipe();
    const struct pipe_ends interrupted = open_pipe();
    struct sigaction before;
    char byte = 0;
    pid_t child;

    fd_interrupted = interrupted.write;
    sigaction(SIGUSR1, &action, &before);
    child = fork();
    if (child == 0)
        interrupt_parent(ends, interrupted.read);
    EXPECT(1, sp_read(ends.read, ADDRESS(&byte), 1));
    EXPECT('x', byte);
    EXPECT(0, status_of(child));
    sigaction(SIGUSR1, &before, NULL);
    close_pipe(ends);
    close_pipe(interrupted);
}

static void readv_fills_one_after_another(void)
{
    const struct pipe_ends ends = open_pipe();
    char first[2] = {0};
    char second[4] = {0};
    struct iovec parts[2] = {{.iov_base = first, .iov_len = sizeof first},
                             {.iov_base = second, .iov_len = sizeof second}};

    put(ends.write, "abcd");
    EXPECT(4, sp_readv(ends.read, ADDRESS(parts), 2));
    EXPECT(0, memcmp(first, "ab", 2));
    EXPECT(0, memcmp(second, "cd\0\0", 4));
    EXPECT(-EINVAL, sp_readv(ends.read, ADDRESS(parts), -1));
    EXPECT(-EBADF, sp_readv(BAD_FD, ADDRESS(parts), 2));
    close_pipe(ends);
}

static void write_returns_how_much_there_was_room_for(void)
{
    static char bytes[200000];
    const struct pipe_ends ends = open_pipe();

    fcntl(ends.write, F_SETPIPE_SZ, 65536);
    fcntl(ends.write, F_SETFL, O_NONBLOCK);
    EXPECT(65536, sp_write(ends.write, ADDRESS(bytes), sizeof bytes));
    EXPECT(-EAGAIN, sp_write(ends.write, ADDRESS(bytes), 1));
    close(ends.read);
    EXPECT(-EPIPE, sp_write(ends.write, ADDRESS(bytes), 1));
    close(ends.write);
    EXPECT(-EBADF, sp_write(BAD_FD, ADDRESS(bytes), 1));
}

static void write_from_a_bad_address_leaves_nothing(void)
{
    const struct pipe_ends ends = open_pipe();

    if (are_bad_addresses_allowed()) {
        EXPECT(-EFAULT, sp_write(ends.write, bad_address(), 4));
        EXPECT(0, queued(ends.read));
    }
    close_pipe(ends);
}

static void pread_and_pwrite_take_far_offsets(void)
{
    const int file = open_file("");
    char bytes[4] = {0};

    EXPECT(3, sp_pwrite(file, ADDRESS("far"), 3, FAR));
    EXPECT(FAR + 3, lseek(file, 0, SEEK_END));
    EXPECT(3, sp_pread(file, ADDRESS(bytes), sizeof bytes, FAR));
    EXPECT(0, memcmp(bytes, "far", 4));
    EXPECT(0, sp_pread(file, ADDRESS(bytes), sizeof bytes, FAR + 3));
    close(file);
}

static void pread_refuses(void)
{
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("");
    char byte = 0;

    EXPECT(-EINVAL, sp_pread(file, ADDRESS(&byte), 1, -1));
    EXPECT(-ESPIPE, sp_pread(ends.read, ADDRESS(&byte), 1, 0));
    EXPECT(-EBADF, sp_pread(BAD_FD, ADDRESS(&byte), 1, 0));
    close(file);
    close_pipe(ends);
}

static void pwrite_refuses(void)
{
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("");

    EXPECT(-EINVAL, sp_pwrite(file, ADDRESS("x"), 1, -1));
    EXPECT(-ESPIPE, sp_pwrite(ends.write, ADDRESS("x"), 1, 0));
    EXPECT(-EBADF, sp_pwrite(BAD_FD, ADDRESS("x"), 1, 0));
    close(file);
    close_pipe(ends);
}

const struct test transfer_tests[] = {
    {"sp_read", "distinguishes bytes, emptiness and the end", read_distinguishes_bytes_emptiness_and_the_end},
    {"sp_read", "to a bad address consumes nothing", read_to_a_bad_address_consumes_nothing},
    {"sp_read", "goes on after an interruption", read_goes_on_after_an_interruption},
    {"sp_readv", "fills one after another", readv_fills_one_after_another},
    {"sp_write", "returns how much there was room for", write_returns_how_much_there_was_room_for},
    {"sp_write", "from a bad address leaves nothing", write_from_a_bad_address_leaves_nothing},
    {"sp_pread", "takes far offsets", pread_and_pwrite_take_far_offsets},
    {"sp_pread", "refuses", pread_refuses},
    {"sp_pwrite", "takes far offsets", pread_and_pwrite_take_far_offsets},
    {"sp_pwrite", "refuses", pwrite_refuses},
    {0},
};
