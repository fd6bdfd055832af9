/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint of this process's own pipes into a pipe, from which a child reads and keeps nothing. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEADER_BYTES 256 /* about as long as Standpipe's records of a pipe */

static struct set set;
static struct ends *pipes;
static struct ends out;
static pid_t reader;

void discard_all(int pipe)
{
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    ssize_t moved;

    if (null == -1)
        fail("open(/dev/null)");
    do {
        moved = splice(pipe, NULL, null, NULL, INT_MAX, 0);
    } while (moved > 0);
    if (moved == -1)
        fail("splice");
    close(null);
}

static void splice_all(int pipe, int to, int length)
{
    int left;
    ssize_t moved;

    for (left = length; left > 0; left -= (int)moved) {
        moved = splice(pipe, NULL, to, NULL, (size_t)left, 0);
        if (moved <= 0)
            fail("splice");
    }
}

void write_stream(int to, const struct set *written, const struct ends *sources)
{
    const struct ends clone = make_pipe(written->bytes);
    char header[HEADER_BYTES];
    int i;

    memset(header, 1, sizeof header);
    for (i = 0; i < written->pipes; i++) {
        expect("write", write(to, header, sizeof header), sizeof header);
        if (written->bytes == 0)
            continue;
        expect("tee", tee(sources[i].read, clone.write, INT_MAX, SPLICE_F_NONBLOCK), written->bytes);
        splice_all(clone.read, to, written->bytes);
    }
    close_pipe(clone);
}

static void prepare(const struct options *options)
{
    set = options->set;
    out = make_pipe(0);
    reader = fork();
    if (reader == -1)
        fail("fork");
    if (reader == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(out.write);
        discard_all(out.read);
        _exit(0);
    }
    close(out.read);
    pipes = make_filled(&set);
}

static uint64_t sample(void)
{
    const uint64_t start = now_nanos();

    write_stream(out.write, &set, pipes);
    return now_nanos() - start;
}

static void finish(void)
{
    close(out.write);
    waitpid(reader, NULL, 0);
    close_all(pipes, set.pipes);
}

const struct workload stream_workload = {"stream", 3, prepare, sample, finish};
