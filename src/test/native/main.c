/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the shim alone, without a JVM, so that sanitizers, memcheck and an emulator can watch it.
 *
 *     shim-test [--no-bad-addresses]   runs all; a line for each and one for the end, exit status 1 if any failed
 *     shim-test --functions            names the functions that have tests
 */
#define _GNU_SOURCE
#include "check.h"
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_SECONDS 120

static const struct test *const files[] = {pipe_tests,    descriptor_tests, file_tests,  transfer_tests,
                                           process_tests, freeze_tests, place_tests, exec_tests,
                                           spawn_tests,   socket_tests,     jvm_tests,   NULL};
static int failed_checks;
static int lacking;
static const char *skipped;
static int no_bad_addresses;

void expect(int64_t expected, int64_t actual, const char *what, const char *file, int line)
{
    if (expected != actual) {
        printf("%s:%d: %s is %lld, expected %lld\n", file, line, what, (long long)actual, (long long)expected);
        failed_checks++;
    }
}

int64_t error_of(int64_t result)
{
    return result < 0 ? -(-result & INT32_MAX) : result;
}

int is_lacking(int64_t result)
{
    lacking |= error_of(result) == -ENOSYS;
    return error_of(result) == -ENOSYS;
}

int failures(void)
{
    return failed_checks;
}

void skip(const char *reason)
{
    skipped = reason;
}

int are_bad_addresses_allowed(void)
{
    return !no_bad_addresses;
}

/* Whether it passed. */
static int run(const struct test *t)
{
    const int descriptors = open_descriptors();

    failed_checks = 0;
    lacking = 0;
    skipped = NULL;
    t->run();
    EXPECT(descriptors, open_descriptors());
    printf("%s %s %s", failed_checks > 0 ? "FAILED" : lacking ? "lacking" : skipped != NULL ? "skipped" : "ok",
           t->function, t->property);
    if (skipped != NULL)
        printf(": %s", skipped);
    printf("\n");
    return failed_checks == 0;
}

int main(int argc, char **argv)
{
    const int only_names = argc > 1 && strcmp(argv[1], "--functions") == 0;
    const struct test *t;
    int ran = 0;
    int failed = 0;
    int i;

    no_bad_addresses = argc > 1 && strcmp(argv[1], "--no-bad-addresses") == 0;
    setvbuf(stdout, NULL, _IONBF, 0); /* what is buffered would be written by each child once more */
    signal(SIGPIPE, SIG_IGN);
    alarm(PATIENCE_SECONDS); /* a call that should not block */
    for (i = 0; files[i] != NULL; i++) {
        for (t = files[i]; t->function != NULL; t++) {
            if (only_names)
                printf("%s\n", t->function);
            else
                failed += !run(t);
            ran++;
        }
    }
    if (!only_names)
        printf("ran %d tests, %d failed\n", ran, failed); /* without which the run was cut short */
    return failed > 0;
}
