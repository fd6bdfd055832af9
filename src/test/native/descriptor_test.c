/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static void fcntl_sets_and_returns(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(131072, sp_fcntl(ends.read, F_SETPIPE_SZ, 100000));
    EXPECT(131072, sp_fcntl(ends.write, F_GETPIPE_SZ, 0));
    EXPECT(0, sp_fcntl(ends.read, F_SETFL, O_NONBLOCK));
    EXPECT(O_RDONLY | O_NONBLOCK, sp_fcntl(ends.read, F_GETFL, 0) & (O_ACCMODE | O_NONBLOCK));
    close_pipe(ends);
}

static void fcntl_refuses(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(-EBADF, sp_fcntl(BAD_FD, F_GETFL, 0));
    EXPECT(-EINVAL, sp_fcntl(ends.read, 99999, 0));
    EXPECT(-EINVAL, sp_fcntl(ends.read, F_SETPIPE_SZ, INT64_C(0x80000001)));
    close_pipe(ends);
}

static void set_flags_at_another_number_leaves_that_number_alone(void)
{
    const struct pipe_ends ends = open_pipe();
    const int other = open_file("");
    struct stat before;
    struct stat after;

    fstat(other, &before);
    EXPECT(0, sp_set_flags_at(ends.read, other, O_NONBLOCK | O_ASYNC));
    EXPECT(O_RDONLY | O_NONBLOCK | O_ASYNC, flags_of(ends.read));
    fstat(other, &after);
    EXPECT(before.st_ino, after.st_ino);
    EXPECT(0, flags_of(other) & (O_NONBLOCK | O_ASYNC));
    close(other);
    close_pipe(ends);
}

static void set_flags_at_refuses(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT_ERROR(EBADF, sp_set_flags_at(BAD_FD, 40, 0));
    EXPECT_ERROR(EBADF, sp_set_flags_at(ends.read, -1, 0));
    EXPECT_ERROR(EINVAL, sp_set_flags_at(ends.read, ends.read, 0));
    close_pipe(ends);
}

static void dup3_shares_the_description(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(70, sp_dup3(ends.read, 70, O_CLOEXEC));
    EXPECT(FD_CLOEXEC, fcntl(70, F_GETFD));
    fcntl(70, F_SETFL, O_NONBLOCK);
    EXPECT(O_RDONLY | O_NONBLOCK, flags_of(ends.read));
    close(70);
    close_pipe(ends);
}

static void dup3_refuses(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(-EBADF, sp_dup3(BAD_FD, 70, 0));
    EXPECT(-EBADF, sp_dup3(ends.read, -1, 0));
    EXPECT(-EINVAL, sp_dup3(ends.read, ends.read, 0));
    close_pipe(ends);
}

static void close_frees_the_number(void)
{
    const int fd = open_file("");

    EXPECT(0, sp_close(fd));
    EXPECT(-1, fcntl(fd, F_GETFD));
    EXPECT(-EBADF, sp_close(fd));
}

static void close_range_frees_the_numbers(void)
{
    const int file = open_file("");
    const int first = fcntl(file, F_DUPFD_CLOEXEC, 700);
    const int last = fcntl(first, F_DUPFD_CLOEXEC, first + 1);
    const int32_t result = sp_close_range(first, last, 0);

    if (!is_lacking(result)) {
        EXPECT(0, result);
        EXPECT(-1, fcntl(first, F_GETFD));
        EXPECT(-1, fcntl(last, F_GETFD));
        EXPECT(0, sp_close_range(first, last, 0));
        EXPECT(-EINVAL, sp_close_range(last, first, 0));
    } else {
        close(first);
        close(last);
    }
    close(file);
}

static void fstat_stores_seven_fields(void)
{
    const int fd = open_file("seven");
    int64_t fields[7] = {0};
    struct stat st;

    EXPECT(0, sp_fstat(fd, ADDRESS(fields)));
    EXPECT(0, fstat(fd, &st));
    EXPECT(st.st_dev, fields[0]);
    EXPECT(st.st_ino, fields[1]);
    EXPECT(S_IFREG | 0600, fields[2]);
    EXPECT(geteuid(), fields[3]);
    EXPECT(st.st_gid, fields[4]);
    EXPECT(5, fields[5]);
    EXPECT(0, fields[6]);
    close(fd);
}

static void fstatat_looks_up_a_name(void)
{
    int64_t fields[7] = {0};
    int64_t expected[7] = {0};
    int directory = open("/proc", O_RDONLY | O_DIRECTORY);
    int file = open("/proc/version", O_RDONLY);

    EXPECT(0, sp_fstat(file, ADDRESS(expected)));
    EXPECT(0, sp_fstatat(directory, ADDRESS("version"), ADDRESS(fields)));
    EXPECT(0, memcmp(fields, expected, sizeof fields));
    EXPECT(0, sp_fstatat(directory, ADDRESS("self"), ADDRESS(fields)));
    EXPECT(S_IFLNK, fields[2] & S_IFMT);
    EXPECT(-ENOENT, sp_fstatat(directory, ADDRESS("no such name"), ADDRESS(fields)));
    close(file);
    close(directory);
}

static void fstatfs_knows_the_file_system_of_pipes(void)
{
    struct pipe_ends ends = open_pipe();
    int file = open("/proc/version", O_RDONLY); /* of /proc/self qemu makes files of its own */

    EXPECT(0x50495045, sp_fstatfs(ends.read));
    EXPECT(0x9fa0, sp_fstatfs(file));
    EXPECT(-EBADF, sp_fstatfs(BAD_FD));
    close(file);
    close_pipe(ends);
}

static void fstat_of_a_bad_descriptor_writes_nothing(void)
{
    int64_t fields[7] = {42};

    EXPECT(-EBADF, sp_fstat(BAD_FD, ADDRESS(fields)));
    EXPECT(42, fields[0]);
}

static void fchown_takes_what_is_ones_own(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(0, sp_fchown(ends.read, (int32_t)geteuid(), (int32_t)getegid()));
    EXPECT(0, sp_fchown(ends.read, -1, -1));
    EXPECT(-EBADF, sp_fchown(BAD_FD, -1, -1));
    close_pipe(ends);
}

static void fchmod_changes_a_pipe(void)
{
    const struct pipe_ends ends = open_pipe();
    struct stat st;

    EXPECT(0, sp_fchmod(ends.read, 0640));
    fstat(ends.write, &st);
    EXPECT(S_IFIFO | 0640, st.st_mode);
    EXPECT(-EBADF, sp_fchmod(BAD_FD, 0640));
    close_pipe(ends);
}

static int open_terminal(void)
{
    const int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd == -1)
        skip("there is no pseudo-terminal");
    return fd;
}

static void isatty_knows_a_terminal(void)
{
    const int terminal = open_terminal();

    if (terminal == -1)
        return;
    EXPECT(1, sp_isatty(terminal));
    close(terminal);
}

static void isatty_knows_what_is_none(void)
{
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("");
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    EXPECT(0, sp_isatty(ends.read));
    EXPECT(0, sp_isatty(file));
    EXPECT(0, sp_isatty(null));
    EXPECT(-EBADF, sp_isatty(BAD_FD));
    close(null);
    close(file);
    close_pipe(ends);
}

static void terminal_columns_are_returned(void)
{
    const struct winsize size = {.ws_row = 24, .ws_col = 123};
    const int terminal = open_terminal();

    if (terminal == -1)
        return;
    EXPECT(0, sp_terminal_columns(terminal));
    ioctl(terminal, TIOCSWINSZ, &size);
    EXPECT(123, sp_terminal_columns(terminal));
    close(terminal);
}

static void terminal_columns_of_no_terminal_are_refused(void)
{
    const struct pipe_ends ends = open_pipe();

    EXPECT(-ENOTTY, sp_terminal_columns(ends.read));
    EXPECT(-EBADF, sp_terminal_columns(BAD_FD));
    close_pipe(ends);
}

const struct test descriptor_tests[] = {
    {"sp_fcntl", "sets and returns", fcntl_sets_and_returns},
    {"sp_fcntl", "refuses", fcntl_refuses},
    {"sp_set_flags_at", "another number leaves that number alone",
     set_flags_at_another_number_leaves_that_number_alone},
    {"sp_set_flags_at", "refuses", set_flags_at_refuses},
    {"sp_dup3", "shares the description", dup3_shares_the_description},
    {"sp_dup3", "refuses", dup3_refuses},
    {"sp_close", "frees the number", close_frees_the_number},
    {"sp_close_range", "frees the numbers", close_range_frees_the_numbers},
    {"sp_fstat", "stores seven fields", fstat_stores_seven_fields},
    {"sp_fstatat", "looks up a name", fstatat_looks_up_a_name},
    {"sp_fstatfs", "knows the file system of pipes", fstatfs_knows_the_file_system_of_pipes},
    {"sp_fstat", "of a bad descriptor writes nothing", fstat_of_a_bad_descriptor_writes_nothing},
    {"sp_fchown", "takes what is one's own", fchown_takes_what_is_ones_own},
    {"sp_fchmod", "changes a pipe", fchmod_changes_a_pipe},
    {"sp_isatty", "knows a terminal", isatty_knows_a_terminal},
    {"sp_isatty", "knows what is none", isatty_knows_what_is_none},
    {"sp_terminal_columns", "are returned", terminal_columns_are_returned},
    {"sp_terminal_columns", "of no terminal are refused", terminal_columns_of_no_terminal_are_refused},
    {0},
};
