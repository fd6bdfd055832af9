/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: takes one sample of a workload for each line of its input. */
#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char USAGE[] =
    "usage: floor window SET PID | floor process SET PID DIRECTORY | floor checkpoint SET DIRECTORY\n"
    "       floor restore SET DIRECTORY | floor stream SET\n"
    "                                 prints the nanoseconds of one sample for each line of its input\n"
    "       floor hold SET [THREADS]  holds both ends of pipes until its parent ends\n"
    "       floor hold-tree SET N     does so in each of N children of a process without pipes\n"
    "       floor hold-on SET         holds them until it is killed\n"
    "       floor odd KIND            holds pipes of a kind out of the ordinary until it is killed\n"
    "       floor discard             reads its input, and keeps nothing\n"
    "       floor run COMMAND...      prints the nanoseconds that a command takes, and its peak memory in KiB\n";

static _Noreturn void usage(void)
{
    fputs(USAGE, stderr);
    exit(2);
}

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

void *allocate(size_t count, size_t bytes)
{
    void *memory = calloc(count, bytes);

    if (memory == NULL)
        fail("calloc");
    return memory;
}

static int unit_bytes(const char *text)
{
    if (strcmp(text, "KiB") == 0)
        return 1024;
    return strcmp(text, "MiB") == 0 ? 1048576 : 0;
}

static struct set parse_set(const char *text)
{
    struct set set = {.name = text, .pipes = 0, .bytes = 0};
    char *rest;
    long number;

    set.pipes = (int)strtol(text, &rest, 10);
    if (set.pipes > 0 && strcmp(rest, "xempty") == 0)
        return set;
    if (set.pipes > 0 && *rest == 'x') {
        number = strtol(rest + 1, &rest, 10);
        if (number > 0 && number <= 1048576 && unit_bytes(rest) > 0) {
            set.bytes = (int)number * unit_bytes(rest);
            return set;
        }
    }
    fprintf(stderr, "floor: set is %s, expected such as 100x64KiB or 1000xempty\n", text);
    exit(2);
}

static void answer(const struct workload *workload, const struct options *options)
{
    char line[16];

    workload->prepare(options);
    while (fgets(line, sizeof line, stdin) != NULL) {
        printf("%llu\n", (unsigned long long)workload->sample());
        fflush(stdout);
    }
    workload->finish();
}

int main(int count, char **arguments)
{
    static const struct workload *const all[] = {
        &window_workload, &process_workload, &checkpoint_workload, &restore_workload, &stream_workload};
    struct options options;
    const char *what;
    size_t i;

    if (count < 2)
        usage();
    what = arguments[1];
    if (strcmp(what, "discard") == 0) {
        discard_all(STDIN_FILENO);
        return EXIT_SUCCESS;
    }
    if (count < 3)
        usage();
    if (strcmp(what, "run") == 0)
        run(arguments + 2);
    if (strcmp(what, "odd") == 0)
        hold_odd(arguments[2]);
    options.set = parse_set(arguments[2]);
    if (strcmp(what, "hold") == 0)
        hold(&options.set, 0, count > 3 ? atoi(arguments[3]) : 1);
    if (strcmp(what, "hold-on") == 0)
        hold(&options.set, 1, 1);
    if (strcmp(what, "hold-tree") == 0 && count == 4)
        hold_tree(&options.set, atoi(arguments[3]));
    options.holder = count > 3 ? atoi(arguments[3]) : 0;
    options.directory = arguments[count - 1];
    for (i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i]->name, what) == 0 && count == all[i]->words) {
            answer(all[i], &options);
            return EXIT_SUCCESS;
        }
    }
    usage();
}
