/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "check.h"
#include "old_kernel.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

/* An epoll set that watches an fd, for kernels that compare no descriptions. */
static int watching(int fd)
{
    const int set = epoll_create1(EPOLL_CLOEXEC);

    EXPECT(0, sp_epoll_ctl(set, EPOLL_CTL_ADD, fd, 0, 0));
    return set;
}

static void replace_puts_it_where_the_expected_one_is(void)
{
    const struct pipe_ends old = open_pipe();
    const struct pipe_ends new = open_pipe();
    const int number = dup(old.read);
    const int set = watching(number);

    EXPECT(number, sp_replace(old.read, new.read, number, O_CLOEXEC, set));
    put(new.write, "new");
    EXPECT_TRUE(gives(number, "new"));
    EXPECT(FD_CLOEXEC, fcntl(number, F_GETFD));
    close(set);
    close(number);
    close_pipe(old);
    close_pipe(new);
}

static void replace_leaves_another_one_alone(void)
{
    const struct pipe_ends old = open_pipe();
    const struct pipe_ends new = open_pipe();
    const int set = watching(old.write);

    EXPECT(-EBUSY, sp_replace(old.write, new.read, old.read, 0, set));
    put(old.write, "old");
    EXPECT_TRUE(gives(old.read, "old"));
    EXPECT_TRUE(sp_replace(old.read, new.read, 9999, 0, set) < 0);
    EXPECT_ERROR(EBADF, sp_replace(old.write, BAD_FD, old.write, 0, set));
    close(set);
    close_pipe(old);
    close_pipe(new);
}

/* Runs the rest of a test in a child, in which the kernel compares no descriptions. */
static void without_comparison(void (*rest)(void))
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        if (have_no_comparison() == -1)
            _exit(98);
        rest();
        _exit(failures());
    }
    status = status_of(child);
    if (status == 98 << 8)
        skip("system calls cannot be filtered here");
    else
        EXPECT(0, status);
}

static void replace_and_undo_by_an_epoll_set(void)
{
    const struct pipe_ends old = open_pipe();
    const struct pipe_ends new = open_pipe();
    const int number = dup(old.read);
    const int set = epoll_create1(EPOLL_CLOEXEC);

    EXPECT(-ENOSYS, error_of(sp_replace(old.read, new.read, number, 0, -1)));
    EXPECT(0, sp_epoll_ctl(set, EPOLL_CTL_ADD, number, 0, 0));
    EXPECT(number, sp_replace(old.read, new.read, number, O_CLOEXEC, set));
    EXPECT(FD_CLOEXEC, fcntl(number, F_GETFD));
    put(new.write, "new");
    EXPECT_TRUE(gives(number, "new"));
    EXPECT(number, sp_replace(new.read, old.read, number, 0, set));
    put(old.write, "old");
    EXPECT_TRUE(gives(number, "old"));
}

static void replace_leaves_what_an_epoll_set_does_not_watch(void)
{
    const struct pipe_ends old = open_pipe();
    const struct pipe_ends new = open_pipe();
    const int number = dup(old.read);
    const int set = epoll_create1(EPOLL_CLOEXEC);

    EXPECT(0, sp_epoll_ctl(set, EPOLL_CTL_ADD, number, 0, 0));
    close(number);
    EXPECT_TRUE(sp_replace(old.read, new.read, number, 0, set) < 0);
    EXPECT(number, open("/dev/null", O_RDONLY));
    EXPECT(-EBUSY, sp_replace(old.read, new.read, number, 0, set));
    close(number);
    EXPECT(number, open("/", O_PATH));
    EXPECT(-EBUSY, sp_replace(old.read, new.read, number, 0, set));
    dup2(new.read, number);
    EXPECT(-EBUSY, sp_replace(old.read, new.read, number, 0, set));
}

static void replace_knows_a_name_without_a_set(void)
{
    const struct pipe_ends new = open_pipe();
    const int name = open("/", O_PATH);
    const int other = open("/proc", O_PATH);
    const int number = dup(name);
    const int set = epoll_create1(EPOLL_CLOEXEC);

    EXPECT(-EBUSY, sp_replace(other, new.read, number, 0, set));
    EXPECT(-EBUSY, sp_replace(name, new.read, open("/", O_RDONLY), 0, set));
    EXPECT(number, sp_replace(name, new.read, number, 0, set));
    EXPECT(number, sp_replace(new.read, name, number, 0, set));
    EXPECT_TRUE((fcntl(number, F_GETFL) & O_PATH) != 0);
}

static void replace_compares_by_an_epoll_set(void)
{
    without_comparison(replace_and_undo_by_an_epoll_set);
}

static void replace_leaves_another_one_alone_by_an_epoll_set(void)
{
    without_comparison(replace_leaves_what_an_epoll_set_does_not_watch);
}

static void replace_compares_names(void)
{
    without_comparison(replace_knows_a_name_without_a_set);
}

static void epoll_create1_makes_an_empty_set(void)
{
    const int32_t set = sp_epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event;

    EXPECT(0, epoll_wait(set, &event, 1, 0));
    EXPECT(FD_CLOEXEC, fcntl(set, F_GETFD));
    close(set);
    EXPECT(-EINVAL, sp_epoll_create1(-1));
}

static void epoll_ctl_keeps_all_64_bits_of_the_data(void)
{
    const struct pipe_ends ends = open_pipe();
    const int set = epoll_create1(EPOLL_CLOEXEC);
    const int64_t data = INT64_C(0x0123456789abcdef);
    struct epoll_event event = {0};

    EXPECT(0, sp_epoll_ctl(set, EPOLL_CTL_ADD, ends.read, EPOLLIN, data));
    put(ends.write, "x");
    EXPECT(1, epoll_wait(set, &event, 1, -1));
    EXPECT(data, event.data.u64);
    close(set);
    close_pipe(ends);
}

static void epoll_ctl_refuses(void)
{
    const struct pipe_ends ends = open_pipe();
    const int file = open_file("");
    const int set = epoll_create1(EPOLL_CLOEXEC);

    EXPECT(-ENOENT, sp_epoll_ctl(set, EPOLL_CTL_DEL, ends.read, 0, 0));
    EXPECT(0, sp_epoll_ctl(set, EPOLL_CTL_ADD, ends.read, EPOLLIN, 0));
    EXPECT(-EEXIST, sp_epoll_ctl(set, EPOLL_CTL_ADD, ends.read, EPOLLIN, 0));
    EXPECT(-EPERM, sp_epoll_ctl(set, EPOLL_CTL_ADD, file, EPOLLIN, 0));
    EXPECT(-EINVAL, sp_epoll_ctl(set, 99, ends.read, EPOLLIN, 0));
    EXPECT(-EBADF, sp_epoll_ctl(BAD_FD, EPOLL_CTL_ADD, ends.read, EPOLLIN, 0));
    close(set);
    close(file);
    close_pipe(ends);
}

static void count_interruption(int signal)
{
    (void)signal;
    interrupted++;
}

static void interrupt_thread_needs_a_handler(void)
{
    const struct sigaction action = {.sa_handler = count_interruption};
    const int jdk_signal = SIGRTMAX - 2;
    struct sigaction before;

    EXPECT(-ENOTSUP, sp_interrupt_thread(gettid()));
    sigaction(jdk_signal, &action, &before);
    if (raise(jdk_signal) != 0) {
        skip("an emulator may have fewer signals");
    } else {
        EXPECT(0, sp_interrupt_thread(gettid()));
        EXPECT(2, interrupted);
        EXPECT(-ESRCH, sp_interrupt_thread(getppid()));
        EXPECT(-EINVAL, sp_interrupt_thread(-1));
    }
    sigaction(jdk_signal, &before, NULL);
    EXPECT(-ENOTSUP, sp_interrupt_thread(gettid()));
}

const struct test place_tests[] = {
    {"sp_replace", "puts it where the expected one is", replace_puts_it_where_the_expected_one_is},
    {"sp_replace", "leaves another one alone", replace_leaves_another_one_alone},
    {"sp_replace", "compares by an epoll set", replace_compares_by_an_epoll_set},
    {"sp_replace", "leaves another one alone by an epoll set", replace_leaves_another_one_alone_by_an_epoll_set},
    {"sp_replace", "compares names", replace_compares_names},
    {"sp_epoll_create1", "makes an empty set", epoll_create1_makes_an_empty_set},
    {"sp_epoll_ctl", "keeps all 64 bits of the data", epoll_ctl_keeps_all_64_bits_of_the_data},
    {"sp_epoll_ctl", "refuses", epoll_ctl_refuses},
    {"sp_interrupt_thread", "needs a handler", interrupt_thread_needs_a_handler},
    {0},
};
