/* SPDX-License-Identifier: Apache-2.0 */
/* The frozen window: how long another process stands still while its pipes are cloned. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct set set;
static pid_t holder;
static int started;
static int *sources;
static int *clones;
static ssize_t *cloned;

static void prepare(const struct options *options)
{
    set = options->set;
    started = options->holder == 0;
    holder = started ? start_holder(&set) : options->holder;
    sources = allocate((size_t)set.pipes, sizeof *sources);
    clones = allocate((size_t)set.pipes, sizeof *clones);
    cloned = allocate((size_t)set.pipes, sizeof *cloned);
}

/* An empty pipe behind a single descriptor, since two for each would be more than most limits allow. */
static int make_clone(int capacity)
{
    const struct ends ends = make_pipe(capacity);
    char path[32];
    int both;

    snprintf(path, sizeof path, "/proc/self/fd/%d", ends.read);
    both = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (both == -1)
        fail("open(/proc/self/fd)");
    close_pipe(ends);
    return both;
}

static void open_pipes(void)
{
    const int pidfd = (int)syscall(SYS_pidfd_open, holder, 0);
    int i;

    if (pidfd == -1)
        fail("pidfd_open");
    for (i = 0; i < set.pipes; i++) {
        sources[i] = (int)syscall(SYS_pidfd_getfd, pidfd, FIRST_END + 2 * i, 0);
        if (sources[i] == -1)
            fail("pidfd_getfd");
        clones[i] = make_clone(fcntl(sources[i], F_GETPIPE_SZ));
    }
    close(pidfd);
}

static void close_pipes(void)
{
    int i;

    for (i = 0; i < set.pipes; i++) {
        close(sources[i]);
        close(clones[i]);
    }
}

static int open_stat(void)
{
    char path[32];
    int stat;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)holder);
    stat = open(path, O_RDONLY | O_CLOEXEC);
    if (stat == -1)
        fail("open(/proc/PID/stat)");
    return stat;
}

static int is_stopped(int stat)
{
    char line[1024];
    const ssize_t length = pread(stat, line, sizeof line - 1, 0);
    const char *name_end;

    if (length <= 0)
        fail("pread(/proc/PID/stat)");
    line[length] = '\0';
    name_end = strrchr(line, ')');
    return name_end != NULL && name_end[2] == 'T';
}

static uint64_t timed_window(int stat)
{
    const uint64_t start = now_nanos();
    int i;

    kill(holder, SIGSTOP);
    while (!is_stopped(stat))
        ;
    for (i = 0; i < set.pipes; i++)
        cloned[i] = tee(sources[i], clones[i], INT_MAX, SPLICE_F_NONBLOCK);
    kill(holder, SIGCONT);
    return now_nanos() - start;
}

static uint64_t sample(void)
{
    const int stat = open_stat();
    uint64_t nanos;
    int i;

    open_pipes();
    is_stopped(stat);
    nanos = timed_window(stat);
    close(stat);
    for (i = 0; i < set.pipes; i++)
        expect("tee", set.bytes == 0 ? 0 : cloned[i], set.bytes);
    close_pipes();
    return nanos;
}

static void finish(void)
{
    if (started) {
        kill(holder, SIGKILL);
        waitpid(holder, NULL, 0);
    }
    free(sources);
    free(clones);
    free(cloned);
}

const struct workload window_workload = {"window", prepare, sample, finish};
