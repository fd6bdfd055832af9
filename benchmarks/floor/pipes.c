/* SPDX-License-Identifier: Apache-2.0 */
/* Making pipes, filling them, and holding them. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ends make_pipe(int bytes)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) == -1)
        fail("pipe2");
    if (bytes > DEFAULT_CAPACITY_BYTES && fcntl(ends[1], F_SETPIPE_SZ, bytes) == -1)
        fail("fcntl(F_SETPIPE_SZ)");
    return (struct ends){.read = ends[0], .write = ends[1]};
}

void close_pipe(struct ends ends)
{
    close(ends.read);
    close(ends.write);
}

/* A write to a pipe that is smaller than expected would wait for ever. */
static void check_capacity(const struct ends *ends, const struct set *set, int index)
{
    const int capacity = fcntl(ends->write, F_GETPIPE_SZ);

    if (capacity >= set->bytes)
        return;
    fprintf(stderr,
            "floor: pipe %d of %s takes %d bytes: this user's pipes are past /proc/sys/fs/pipe-user-pages-soft;"
            " raise it, or be root\n",
            index, set->name, capacity);
    exit(EXIT_FAILURE);
}

struct ends *make_filled(const struct set *set)
{
    struct ends *pipes = allocate((size_t)set->pipes, sizeof *pipes);
    unsigned char *payload = allocate((size_t)set->bytes + 1, 1);
    int i;

    for (i = 0; i < set->bytes; i++)
        payload[i] = (unsigned char)(i * 31 + i / 251);
    for (i = 0; i < set->pipes; i++) {
        pipes[i] = make_pipe(set->bytes);
        check_capacity(&pipes[i], set, i);
        if (set->bytes > 0)
            expect("write", write(pipes[i].write, payload, (size_t)set->bytes), set->bytes);
    }
    free(payload);
    return pipes;
}

void close_all(struct ends *pipes, int count)
{
    int i;

    for (i = 0; i < count; i++)
        close_pipe(pipes[i]);
    free(pipes);
}

void prepare_to_hold(int outlive_parent)
{
    if (outlive_parent)
        setsid();
    else
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    syscall(SYS_close_range, FIRST_END, ~0u, 0);
}

_Noreturn void hold_on(void)
{
    /* These may be pipes too, which are not to be saved. The output is last: then the parent goes on. */
    static const int streams[] = {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO};
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int i;

    if (null == -1)
        fail("open(/dev/null)");
    for (i = 0; i < FIRST_END; i++) {
        if (dup2(null, streams[i]) == -1)
            fail("dup2");
    }
    for (;;)
        pause();
}

static void *sleep_on(void *unused)
{
    for (;;)
        pause();
    return unused;
}

_Noreturn void hold(const struct set *set, int outlive_parent, int threads)
{
    pthread_t thread;

    prepare_to_hold(outlive_parent);
    make_filled(set);
    while (--threads > 0) {
        if (pthread_create(&thread, NULL, sleep_on, NULL) != 0)
            fail("pthread_create");
    }
    hold_on();
}

_Noreturn void hold_tree(const struct set *set, int children)
{
    int i;

    prepare_to_hold(0);
    for (i = 0; i < children; i++) {
        const struct ends ready = make_pipe(0);
        char none;

        switch (fork()) {
        case -1:
            fail("fork");
        case 0:
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(ready.read);
            make_filled(set);
            close(ready.write);
            hold_on();
        default:
            close(ready.write);
            if (read(ready.read, &none, 1) == -1)
                fail("read");
            close(ready.read);
        }
    }
    hold_on();
}
