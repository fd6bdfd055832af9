/* SPDX-License-Identifier: Apache-2.0 */
/* Pipes out of the ordinary, each kind in a process of its own: for what comes back of them, not for how fast. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MANY 1100 /* pipes; some programs have room for 1,024 */

static void put(int fd, int length)
{
    static const char text[PAGE_BYTES * 2] = "what is in a pipe";

    expect("write", write(fd, text, (size_t)length), length);
}

static void set_flags(int fd, int flags)
{
    if (fcntl(fd, F_SETFL, flags) == -1)
        fail("fcntl(F_SETFL)");
}

static int reopen(int fd, int flags)
{
    char path[32];
    int opened;

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    opened = open(path, flags);
    if (opened == -1)
        fail("open(/proc/self/fd)");
    return opened;
}

static void three_packets(int fd)
{
    set_flags(fd, O_DIRECT);
    put(fd, 10);
    put(fd, 20);
    put(fd, 30);
}

static void packets(void)
{
    three_packets(make_pipe(0).write);
}

static void packets_no_more(void)
{
    const int end = make_pipe(0).write;

    three_packets(end);
    set_flags(end, 0);
}

/* All 16 slots are taken by one byte each: the pipe has no room for another byte. */
static void full_by_slots(void)
{
    const struct ends full = make_pipe(0);
    const struct ends one = make_pipe(0);
    int i;

    put(one.write, 1);
    for (i = 0; i < DEFAULT_CAPACITY_BYTES / PAGE_BYTES; i++)
        expect("tee", tee(one.read, full.write, 1, 0), 1);
    close_pipe(one);
}

static void partly_read(void)
{
    const struct ends ends = make_pipe(0);
    char taken[100];

    put(ends.write, 5000);
    expect("read", read(ends.read, taken, sizeof taken), (long long)sizeof taken);
}

static void write_end_alone(void)
{
    const struct ends ends = make_pipe(2 * DEFAULT_CAPACITY_BYTES);

    put(ends.write, 1000);
    close(ends.read);
}

static void read_end_alone(void)
{
    const struct ends ends = make_pipe(0);

    put(ends.write, 1000);
    close(ends.write);
}

static void resized(void)
{
    make_pipe(16 * DEFAULT_CAPACITY_BYTES);
    put(make_pipe(2 * DEFAULT_CAPACITY_BYTES).write, 1000);
}

/* One fd duplicated, and each end opened once more with flags of its own. */
static void shared(void)
{
    const struct ends ends = make_pipe(0);

    put(ends.write, 100);
    if (dup(ends.read) == -1)
        fail("dup");
    reopen(ends.read, O_RDONLY | O_NONBLOCK);
    reopen(ends.write, O_WRONLY | O_NONBLOCK);
}

static void owned(void)
{
    const struct ends ends = make_pipe(0);

    if (fchown(ends.read, 1234, 4321) == -1 || fchmod(ends.read, 0640) == -1)
        fail("fchown");
}

static void signals(void)
{
    const struct ends ends = make_pipe(0);

    signal(SIGUSR1, SIG_IGN);
    if (fcntl(ends.read, F_SETOWN, getpid()) == -1 || fcntl(ends.read, F_SETSIG, SIGUSR1) == -1)
        fail("fcntl(F_SETOWN)");
    set_flags(ends.read, O_ASYNC | O_NONBLOCK);
}

static void many(void)
{
    int i;

    for (i = 0; i < MANY; i++)
        put(make_pipe(0).write, 10);
}

static const struct kind {
    const char *name;
    void (*make)(void);
} kinds[] = {
    {"packets", packets}, {"packets-no-more", packets_no_more}, {"full-by-slots", full_by_slots}, {"partly-read", partly_read},
    {"write-end-alone", write_end_alone}, {"read-end-alone", read_end_alone}, {"resized", resized}, {"shared", shared}, {"owned", owned},
    {"signals", signals}, {"many", many}};

_Noreturn void hold_odd(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            prepare_to_hold(1);
            kinds[i].make();
            hold_on();
        }
    }
    fprintf(stderr, "floor: no kind %s\n", name);
    exit(2);
}
