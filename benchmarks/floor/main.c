/* SPDX-License-Identifier: Apache-2.0 */
/* The command: repeats a workload and prints JSON, or takes one sample for each line that it reads. */
#define _GNU_SOURCE
#include "floor.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char USAGE[] =
    "usage: floor [-n SAMPLES] [-d FOLDER] [-s] [-t] WORKLOAD SET...   repeats, and prints JSON\n"
    "       floor -i [-d FOLDER] [-s] [-t] [-p PID] WORKLOAD SET  a sample in nanoseconds for each line of input\n"
    "       floor hold SET                                        holds pipes, for -p, until its parent ends\n"
    "       floor odd KIND                                        holds pipes of a kind out of the ordinary\n"
    "       floor run COMMAND [ARGUMENT]...                       how many nanoseconds it takes, and KiB at most;\n"
    "                                                             what it leaves running is ended\n"
    "       floor drain                                           lets its standard input, a pipe, go to /dev/null\n"
    "WORKLOAD is window, checkpoint, checkpoint-again, checkpoint-staged, stream, restore or restore-close, or with\n"
    "the same calls as Standpipe same-checkpoint, same-checkpoint-again, same-stream, same-restore or same-restore-close;\n"
    "-s syncs the folder, too; -t has a second thread, which sleeps; -l has a holder live on when its parent ends, in a session of its own.\n";

static _Noreturn void usage(void)
{
    fputs(USAGE, stderr);
    exit(2);
}

static const struct workload *find_workload(const char *name)
{
    static const struct workload *const all[] = {
        &window_workload, &checkpoint_workload, &checkpoint_again_workload, &checkpoint_staged_workload,
        &stream_workload, &restore_workload, &restore_close_workload, &same_checkpoint_workload, &same_checkpoint_again_workload,
        &same_stream_workload, &same_restore_workload, &same_restore_close_workload};
    size_t i;

    for (i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    }
    usage();
}

/* As in any JVM, threads share the descriptors then: the kernel counts each use of one, and libc allows for cancellation. */
static void *sleep_on(void *nothing)
{
    for (;;)
        pause();
    return nothing;
}

static void start_second_thread(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, sleep_on, NULL) != 0)
        fail("pthread_create");
}

static int by_value(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

static void repeat(const struct workload *workload, const struct options *options, int samples)
{
    uint64_t *nanos = allocate((size_t)samples, sizeof *nanos);
    int i;

    workload->prepare(options);
    workload->sample();
    for (i = 0; i < samples; i++)
        nanos[i] = workload->sample();
    workload->finish();
    qsort(nanos, (size_t)samples, sizeof *nanos, by_value);
    printf("  {\"workload\": \"%s\", \"set\": \"%s\", \"samples\": %d, \"minNanos\": %llu, \"medianNanos\": %llu}",
           workload->name, options->set.name, samples, (unsigned long long)nanos[0],
           (unsigned long long)nanos[samples / 2]);
    free(nanos);
}

static void repeat_all(const struct workload *workload, struct options *options, char **sets, int samples)
{
    puts("[");
    for (; *sets != NULL; sets++) {
        options->set = parse_set(*sets);
        repeat(workload, options, samples);
        puts(sets[1] == NULL ? "" : ",");
    }
    puts("]");
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
    struct options options = {.folder = ".", .holder = 0, .sync_folder = 0};
    int samples = 30;
    int interactive = 0;
    int live_on = 0;
    int option;

    while ((option = getopt(count, arguments, "+n:d:p:sitl")) != -1) {
        switch (option) {
        case 'n': samples = atoi(optarg); break;
        case 'd': options.folder = optarg; break;
        case 'p': options.holder = atoi(optarg); break;
        case 's': options.sync_folder = 1; break;
        case 't': start_second_thread(); break;
        case 'l': live_on = 1; break;
        case 'i': interactive = 1; break;
        default: usage();
        }
    }
    if (count - optind == 1 && strcmp(arguments[optind], "drain") == 0)
        drain(STDIN_FILENO);
    if (count - optind > 1 && strcmp(arguments[optind], "run") == 0)
        run(arguments + optind + 1);
    if (count - optind == 2 && strcmp(arguments[optind], "odd") == 0)
        hold_odd(arguments[optind + 1]);
    if (count - optind < 2 || samples < 1)
        usage();
    options.set = parse_set(arguments[optind + 1]);
    if (strcmp(arguments[optind], "hold") == 0)
        hold(&options.set, live_on);
    if (interactive)
        answer(find_workload(arguments[optind]), &options);
    else
        repeat_all(find_workload(arguments[optind]), &options, arguments + optind + 1, samples);
    return EXIT_SUCCESS;
}
