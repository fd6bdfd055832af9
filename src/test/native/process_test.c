/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <linux/kcmp.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static void pidfd_open_refuses_what_is_no_process(void)
{
    const int32_t pidfd = sp_pidfd_open(getpid(), 0);
    pid_t gone;

    if (is_lacking(pidfd))
        return;
    EXPECT_TRUE(pidfd >= 0);
    EXPECT(FD_CLOEXEC, fcntl(pidfd, F_GETFD));
    close(pidfd);
    EXPECT(-EINVAL, sp_pidfd_open(0, 0));
    EXPECT(-EINVAL, sp_pidfd_open(getpid(), 1 << 20));
    gone = start_sleeper();
    end_child(gone);
    EXPECT(-ESRCH, sp_pidfd_open(gone, 0));
}

static void pidfd_getfd_shares_the_description(void)
{
    const struct pipe_ends ends = open_pipe();
    const pid_t child = start_sleeper();
    const int32_t pidfd = sp_pidfd_open(child, 0);
    int32_t copy;

    close(ends.write);
    if (!is_lacking(pidfd)) {
        copy = sp_pidfd_getfd(pidfd, ends.write, 0);
        if (!is_lacking(copy)) {
            put(copy, "x");
            EXPECT_TRUE(gives(ends.read, "x"));
            EXPECT(FD_CLOEXEC, fcntl(copy, F_GETFD));
            EXPECT(-EBADF, sp_pidfd_getfd(pidfd, 9999, 0));
            EXPECT(-EINVAL, sp_pidfd_getfd(pidfd, ends.write, 1));
            EXPECT(-EBADF, sp_pidfd_getfd(ends.read, 0, 0));
            close(copy);
        }
        close(pidfd);
    }
    end_child(child);
    close(ends.read);
}

static void pidfd_send_signal_reaches_the_process(void)
{
    const pid_t child = start_sleeper();
    const int32_t pidfd = sp_pidfd_open(child, 0);

    if (!is_lacking(pidfd)) {
        EXPECT(0, sp_pidfd_send_signal(pidfd, 0));
        EXPECT(-EINVAL, sp_pidfd_send_signal(pidfd, 999));
        EXPECT(0, sp_pidfd_send_signal(pidfd, SIGUSR1));
        EXPECT(SIGUSR1, status_of(child));
        EXPECT(-ESRCH, sp_pidfd_send_signal(pidfd, 0));
        EXPECT(-EBADF, sp_pidfd_send_signal(BAD_FD, 0));
        close(pidfd);
    } else {
        end_child(child);
    }
}

static void waitpid_returns_the_status_as_it_is(void)
{
    const pid_t exits = fork();
    pid_t killed;

    if (exits == 0)
        _exit(7);
    EXPECT(7 << 8, sp_waitpid(exits));
    EXPECT(-ECHILD, sp_waitpid(exits));
    killed = start_sleeper();
    kill(killed, SIGKILL);
    EXPECT(SIGKILL, sp_waitpid(killed));
}

static void kcmp_knows_a_description_again(void)
{
    const int32_t pid = getpid();
    const struct pipe_ends ends = open_pipe();
    const int copy = dup(ends.read);
    const int32_t order = sp_kcmp(pid, pid, KCMP_FILE, ends.read, copy);

    if (!is_lacking(order)) {
        EXPECT(0, order);
        EXPECT(3, sp_kcmp(pid, pid, KCMP_FILE, ends.read, ends.write) + sp_kcmp(pid, pid, KCMP_FILE, ends.write, copy));
        EXPECT(0, sp_kcmp(pid, pid, KCMP_FILES, 0, 0));
        EXPECT(-EBADF, sp_kcmp(pid, pid, KCMP_FILE, ends.read, 9999));
        EXPECT(-EINVAL, sp_kcmp(pid, pid, 999, 0, 0));
    }
    close(copy);
    close_pipe(ends);
}

static void fdinfo_stores_flags_and_inode(void)
{
    const struct pipe_ends ends = open_pipe();
    const pid_t child = start_sleeper();
    struct stat st;
    int64_t fields[2] = {7, 7};

    fcntl(ends.read, F_SETFD, 0);
    fcntl(ends.read, F_SETFL, O_NONBLOCK);
    EXPECT(0, sp_fdinfo(getpid(), ends.read, ADDRESS(fields)));
    EXPECT(O_RDONLY | O_NONBLOCK, fields[0]);
    fstat(ends.read, &st);
    EXPECT_TRUE(fields[1] == 0 || fields[1] == (int64_t)st.st_ino); /* before 5.14 it is not shown */
    fcntl(ends.write, F_SETFD, FD_CLOEXEC);
    EXPECT(0, sp_fdinfo(getpid(), ends.write, ADDRESS(fields)));
    EXPECT(O_WRONLY | O_CLOEXEC, fields[0]);
    EXPECT(0, sp_fdinfo(child, ends.write, ADDRESS(fields)));
    EXPECT(O_WRONLY, fields[0] & ~O_CLOEXEC);
    EXPECT(-((1ll << 32) | ENOENT), sp_fdinfo(getpid(), 9999, ADDRESS(fields)));
    end_child(child);
    EXPECT(-((1ll << 32) | ENOENT), sp_fdinfo(child, ends.write, ADDRESS(fields)));
    close(ends.read);
    close(ends.write);
}

/* The fdinfo of an epoll set lists every fd in it, behind the fields and longer than one read. */
static void fdinfo_reads_the_beginning_of_a_long_text(void)
{
    const int set = epoll_create1(EPOLL_CLOEXEC);
    struct pipe_ends all[20];
    int64_t fields[2];
    int i;

    for (i = 0; i < 20; i++) {
        struct epoll_event event = {.events = EPOLLIN};

        all[i] = open_pipe();
        EXPECT(0, epoll_ctl(set, EPOLL_CTL_ADD, all[i].read, &event));
    }
    EXPECT(0, sp_fdinfo(getpid(), set, ADDRESS(fields)));
    EXPECT(O_RDWR | O_CLOEXEC, fields[0]);
    for (i = 0; i < 20; i++) {
        close(all[i].read);
        close(all[i].write);
    }
    close(set);
}

static void gettid_returns_the_pid_to_the_first_thread(void)
{
    EXPECT(getpid(), sp_gettid());
}

static void own_numbers_are_those_of_the_c_library(void)
{
    EXPECT(getpid(), sp_getpid());
    EXPECT(getppid(), sp_getppid());
    EXPECT(getpgrp(), sp_getpgrp());
    EXPECT(getsid(0), sp_getsid());
}

static void uname_stores_the_same_as_the_c_library(void)
{
    struct utsname found = {0};
    struct utsname expected = {0};

    EXPECT(0, sp_uname(ADDRESS(&found)));
    uname(&expected);
    EXPECT(0, strcmp(expected.release, found.release));
    EXPECT(0, strcmp(expected.machine, found.machine));
}

static void getrlimit_returns_the_soft_limit(void)
{
    struct rlimit before;
    struct rlimit limit;

    getrlimit(RLIMIT_CPU, &before);
    limit = before;
    limit.rlim_cur = 100000;
    setrlimit(RLIMIT_CPU, &limit);
    EXPECT(100000, sp_getrlimit(RLIMIT_CPU));
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CPU, &limit);
    EXPECT(limit.rlim_max == RLIM_INFINITY ? INT64_MAX : (int64_t)limit.rlim_max, sp_getrlimit(RLIMIT_CPU));
    setrlimit(RLIMIT_CPU, &before);
    EXPECT(-EINVAL, sp_getrlimit(999));
}

static void page_size_is_that_of_the_kernel(void)
{
    EXPECT(getauxval(AT_PAGESZ), sp_page_size());
}

const struct test process_tests[] = {
    {"sp_pidfd_open", "refuses what is no process", pidfd_open_refuses_what_is_no_process},
    {"sp_pidfd_getfd", "shares the description", pidfd_getfd_shares_the_description},
    {"sp_pidfd_send_signal", "reaches the process", pidfd_send_signal_reaches_the_process},
    {"sp_waitpid", "returns the status as it is", waitpid_returns_the_status_as_it_is},
    {"sp_kcmp", "knows a description again", kcmp_knows_a_description_again},
    {"sp_fdinfo", "stores flags and inode", fdinfo_stores_flags_and_inode},
    {"sp_fdinfo", "reads the beginning of a long text", fdinfo_reads_the_beginning_of_a_long_text},
    {"sp_gettid", "returns the pid to the first thread", gettid_returns_the_pid_to_the_first_thread},
    {"sp_getpid", "returns what the C library returns", own_numbers_are_those_of_the_c_library},
    {"sp_getppid", "returns what the C library returns", own_numbers_are_those_of_the_c_library},
    {"sp_getpgrp", "returns what the C library returns", own_numbers_are_those_of_the_c_library},
    {"sp_getsid", "returns what the C library returns", own_numbers_are_those_of_the_c_library},
    {"sp_uname", "stores the same as the C library", uname_stores_the_same_as_the_c_library},
    {"sp_getrlimit", "returns the soft limit", getrlimit_returns_the_soft_limit},
    {"sp_page_size", "is that of the kernel", page_size_is_that_of_the_kernel},
    {0},
};
