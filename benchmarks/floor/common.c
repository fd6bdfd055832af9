/* SPDX-License-Identifier: Apache-2.0 */
/* What all of it needs: failing, the clock, and reading what a set is. */
#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Noreturn void fail(const char *call)
{
    fprintf(stderr, "floor: %s: %s\n", call, strerror(errno));
    exit(EXIT_FAILURE);
}

void expect(const char *call, long long found, long long expected)
{
    if (found == -1)
        fail(call);
    if (found != expected) {
        fprintf(stderr, "floor: %s: %lld bytes, expected %lld\n", call, found, expected);
        exit(EXIT_FAILURE);
    }
}

uint64_t now_nanos(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t time_restore(void (*restore)(void), void (*close_made)(void), int closing)
{
    const uint64_t start = now_nanos();
    uint64_t restored;
    uint64_t closed;

    restore();
    restored = now_nanos();
    close_made();
    closed = now_nanos();
    return (closing ? closed : restored) - start;
}

void *allocate(size_t count, size_t bytes)
{
    void *memory = calloc(count, bytes);

    if (memory == NULL)
        fail("calloc");
    return memory;
}

static int unit(const char *text)
{
    if (strcmp(text, "KiB") == 0)
        return 1024;
    return strcmp(text, "MiB") == 0 ? 1048576 : 0;
}

struct set parse_set(const char *text)
{
    struct set set = {.name = text, .pipes = 0, .bytes = 0};
    char *rest;
    long number;

    set.pipes = (int)strtol(text, &rest, 10);
    if (set.pipes > 0 && strcmp(rest, "xempty") == 0)
        return set;
    if (set.pipes > 0 && *rest == 'x') {
        number = strtol(rest + 1, &rest, 10);
        if (number > 0 && number <= 1048576 && unit(rest) > 0) {
            set.bytes = (int)number * unit(rest);
            return set;
        }
    }
    fprintf(stderr, "floor: set is %s, expected such as 100x64KiB or 1000xempty\n", text);
    exit(2);
}
