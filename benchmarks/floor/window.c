/* SPDX-License-Identifier: Apache-2.0 */
/* The frozen window of another process: SIGSTOP, a tee for each of its pipes, SIGCONT. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct set set;
static pid_t holder;
static int *sources;
static struct ends *clones;
static ssize_t *cloned;

static void prepare(const struct options *options)
{
    set = options->set;
    holder = options->holder;
    sources = allocate((size_t)set.pipes, sizeof *sources);
    clones = allocate((size_t)set.pipes, sizeof *clones);
    cloned = allocate((size_t)set.pipes, sizeof *cloned);
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
        clones[i] = make_pipe(fcntl(sources[i], F_GETPIPE_SZ));
    }
    close(pidfd);
}

static void close_pipes(void)
{
    int i;

    for (i = 0; i < set.pipes; i++) {
        close(sources[i]);
        close_pipe(clones[i]);
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
        cloned[i] = tee(sources[i], clones[i].write, INT_MAX, SPLICE_F_NONBLOCK);
    kill(holder, SIGCONT);
    return now_nanos() - start;
}

static uint64_t sample(void)
{
    const int stat = open_stat();
    uint64_t nanos;
    int i;

    open_pipes();
    nanos = timed_window(stat);
    close(stat);
    for (i = 0; i < set.pipes; i++)
        expect("tee", set.bytes == 0 ? 0 : cloned[i], set.bytes);
    close_pipes();
    return nanos;
}

static void finish(void)
{
    free(sources);
    free(clones);
    free(cloned);
}

const struct workload window_workload = {"window", prepare, sample, finish};
