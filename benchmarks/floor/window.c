/* SPDX-License-Identifier: Apache-2.0 */
/* The frozen window of another process: all its threads stopped by ptrace, a tee for each of its pipes, all detached. */
#define _GNU_SOURCE
#include "floor.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_THREADS 1024

static struct set set;
static pid_t holder;
static int *sources;
static struct ends *clones;
static ssize_t *cloned;
static pid_t tids[MOST_THREADS];
static int threads;

/* The threads of the holder, which starts and ends none. */
static void list_threads(void)
{
    char path[32];
    const struct dirent *entry;
    DIR *directory;

    snprintf(path, sizeof path, "/proc/%d/task", (int)holder);
    directory = opendir(path);
    if (directory == NULL)
        fail("opendir(/proc/PID/task)");
    for (threads = 0; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        if (threads == MOST_THREADS)
            fail("too many threads");
        tids[threads++] = atoi(entry->d_name);
    }
    closedir(directory);
}

static void prepare(const struct options *options)
{
    set = options->set;
    holder = options->holder;
    sources = allocate((size_t)set.pipes, sizeof *sources);
    clones = allocate((size_t)set.pipes, sizeof *clones);
    cloned = allocate((size_t)set.pipes, sizeof *cloned);
    list_threads();
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

static uint64_t timed_window(void)
{
    uint64_t start;
    int status;
    int i;

    for (i = 0; i < threads; i++) {
        if (ptrace(PTRACE_SEIZE, tids[i], NULL, NULL) == -1)
            fail("ptrace(PTRACE_SEIZE)");
    }
    start = now_nanos();
    for (i = 0; i < threads; i++)
        ptrace(PTRACE_INTERRUPT, tids[i], NULL, NULL);
    for (i = 0; i < threads; i++)
        waitpid(tids[i], &status, __WALL);
    for (i = 0; i < set.pipes; i++)
        cloned[i] = tee(sources[i], clones[i].write, INT_MAX, SPLICE_F_NONBLOCK);
    for (i = 0; i < threads; i++)
        ptrace(PTRACE_DETACH, tids[i], NULL, NULL);
    return now_nanos() - start;
}

static uint64_t sample(void)
{
    uint64_t nanos;
    int i;

    open_pipes();
    nanos = timed_window();
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
