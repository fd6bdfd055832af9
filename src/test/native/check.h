/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_CHECK_H
#define STANDPIPE_CHECK_H

#include <errno.h>
#include <stdint.h>

/* What a function of standpipe.h is to do. */
struct test {
    const char *function;
    const char *property;
    void (*run)(void);
};

/* The tests of one file of the shim; each list ends with an entry without a name. */
extern const struct test pipe_tests[];
extern const struct test descriptor_tests[];
extern const struct test file_tests[];
extern const struct test transfer_tests[];
extern const struct test process_tests[];
extern const struct test freeze_tests[];
extern const struct test place_tests[];
extern const struct test exec_tests[];
extern const struct test spawn_tests[];
extern const struct test socket_tests[];
extern const struct test jvm_tests[];

/* A test goes on behind a check that fails. */
#define EXPECT(expected, actual) expect((int64_t)(expected), (int64_t)(actual), #actual, __FILE__, __LINE__)
/* Of a function of several calls: compares the errno alone, whichever call failed. */
#define EXPECT_ERROR(error, actual) EXPECT(-(error), error_of(actual))
#define EXPECT_TRUE(condition) expect(1, (condition) ? 1 : 0, #condition, __FILE__, __LINE__)

void expect(int64_t expected, int64_t actual, const char *what, const char *file, int line);

/* Returns a result, of an error the errno alone, without which call failed. */
int64_t error_of(int64_t result);

/*
 * Whether the kernel, or what stands in its place, has no such system call: then the rest of the test does not matter, and the
 * program prints "lacking". toolchain/kernels/skips.tsv allows that under emulators and memcheck alone, on no kernel.
 */
int is_lacking(int64_t result);

/* Returns how many checks of the running test have failed so far; a child reports it to its parent. */
int failures(void);

/* Gives up the running test, for a reason that toolchain/kernels/skips.tsv has. What the list does not have is a failure. */
void skip(const char *reason);

/* Returns whether bad addresses may be passed: a tool such as memcheck takes them for mistakes (--no-bad-addresses). */
int are_bad_addresses_allowed(void);

#endif
