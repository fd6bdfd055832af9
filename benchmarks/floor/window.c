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
static struct target target;

void find_threads(struct target *found)
{
    char path[32];
    const struct dirent *entry;
    DIR *directory;

    snprintf(path, sizeof path, "/proc/%d/task", (int)found->pid);
    directory = opendir(path);
    if (directory == NULL)
        fail("opendir(/proc/PID/task)");
    found->tids = allocate(MOST_THREADS, sizeof *found->tids);
    for (found->threads = 0; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        if (found->threads == MOST_THREADS)
            fail("too many threads");
        found->tids[found->threads++] = atoi(entry->d_name);
    }
    closedir(directory);
    found->sources = allocate((size_t)found->set->pipes, sizeof *found->sources);
    found->clones = allocate((size_t)found->set->pipes, sizeof *found->clones);
    found->cloned = allocate((size_t)found->set->pipes, sizeof *found->cloned);
}

void open_pipes(struct target *opened)
{
    const int pidfd = (int)syscall(SYS_pidfd_open, opened->pid, 0);
    int i;

    if (pidfd == -1)
        fail("pidfd_open");
    for (i = 0; i < opened->set->pipes; i++) {
        opened->sources[i].read = (int)syscall(SYS_pidfd_getfd, pidfd, FIRST_END + 2 * i, 0);
        if (opened->sources[i].read == -1)
            fail("pidfd_getfd");
        opened->clones[i] = make_pipe(fcntl(opened->sources[i].read, F_GETPIPE_SZ));
    }
    close(pidfd);
}

void close_pipes(struct target *closed)
{
    int i;

    for (i = 0; i < closed->set->pipes; i++) {
        close(closed->sources[i].read);
        close_pipe(closed->clones[i]);
    }
}

uint64_t capture(struct target *frozen)
{
    uint64_t nanos;
    uint64_t start;
    int status;
    int i;

    for (i = 0; i < frozen->threads; i++) {
        if (ptrace(PTRACE_SEIZE, frozen->tids[i], NULL, NULL) == -1)
            fail("ptrace(PTRACE_SEIZE)");
    }
    start = now_nanos();
    for (i = 0; i < frozen->threads; i++)
        ptrace(PTRACE_INTERRUPT, frozen->tids[i], NULL, NULL);
    for (i = 0; i < frozen->threads; i++)
        waitpid(frozen->tids[i], &status, __WALL);
    for (i = 0; i < frozen->set->pipes; i++)
        frozen->cloned[i] = tee(frozen->sources[i].read, frozen->clones[i].write, INT_MAX, SPLICE_F_NONBLOCK);
    for (i = 0; i < frozen->threads; i++)
        ptrace(PTRACE_DETACH, frozen->tids[i], NULL, NULL);
    nanos = now_nanos() - start;
    for (i = 0; i < frozen->set->pipes; i++)
        expect("tee", frozen->set->bytes == 0 ? 0 : frozen->cloned[i], frozen->set->bytes);
    return nanos;
}

static void prepare(const struct options *options)
{
    set = options->set;
    target = (struct target){.set = &set, .pid = options->holder};
    find_threads(&target);
}

static uint64_t sample(void)
{
    uint64_t nanos;

    open_pipes(&target);
    nanos = capture(&target);
    close_pipes(&target);
    return nanos;
}

static void finish(void)
{
    free(target.tids);
    free(target.sources);
    free(target.clones);
    free(target.cloned);
}

const struct workload window_workload = {"window", 4, prepare, sample, finish};
