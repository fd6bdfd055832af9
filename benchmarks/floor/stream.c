/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint of this process's own pipes to a pipe, whose other end another process lets go to /dev/null. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct set set;
static struct ends *pipes;
static int outlet;
static pid_t drainer;

_Noreturn void drain(int pipe)
{
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (null == -1)
        fail("open(/dev/null)");
    while (splice(pipe, NULL, null, NULL, 1048576, 0) > 0)
        ;
    _exit(EXIT_SUCCESS);
}

int start_drainer(pid_t *drainer)
{
    const struct ends outlet = make_pipe(1048576);

    fflush(NULL);
    *drainer = fork();
    if (*drainer == -1)
        fail("fork");
    if (*drainer == 0) {
        close(outlet.write);
        drain(outlet.read);
    }
    close(outlet.read);
    return outlet.write;
}

static void prepare(const struct options *options)
{
    set = options->set;
    outlet = start_drainer(&drainer);
    pipes = make_filled(&set);
}

/* Headers are gathered, and sent before a payload or when the buffer is full. */
static char gathered[GATHERED_BYTES];
static size_t gathered_bytes;

static void send_headers(void)
{
    expect("write", write(outlet, gathered, gathered_bytes), (long long)gathered_bytes);
    gathered_bytes = 0;
}

static void send_payload(int clone)
{
    int left;
    ssize_t moved;

    for (left = set.bytes; left > 0; left -= (int)moved) {
        moved = splice(clone, NULL, outlet, NULL, (size_t)left, 0);
        if (moved <= 0)
            fail("splice");
    }
}

static void send_pipe(int source, const struct ends *clone)
{
    if (tee(source, clone->write, INT_MAX, SPLICE_F_NONBLOCK) == -1 && set.bytes > 0)
        fail("tee");
    memset(gathered + gathered_bytes, 1, HEADER_BYTES);
    gathered_bytes += HEADER_BYTES;
    if (set.bytes > 0 || gathered_bytes == sizeof gathered)
        send_headers();
    send_payload(clone->read);
}

static uint64_t sample(void)
{
    const uint64_t start = now_nanos();
    const struct ends clone = make_pipe(set.bytes);
    int i;

    for (i = 0; i < set.pipes; i++)
        send_pipe(pipes[i].read, &clone);
    if (gathered_bytes > 0)
        send_headers();
    close_pipe(clone);
    return now_nanos() - start;
}

static void finish(void)
{
    close(outlet);
    waitpid(drainer, NULL, 0);
    close_all(pipes, set.pipes);
}

const struct workload stream_workload = {"stream", prepare, sample, finish};
