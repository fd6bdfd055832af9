/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor: what a frozen window, a checkpoint and a restore cost when they are nothing but the system calls that must
 * be made, and the processes that all contenders work on. The floor knows beforehand what the pipes hold; it saves no flags and no owners, and it checks nothing.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE_BYTES 4096
#define DEFAULT_CAPACITY_BYTES 65536
#define FIRST_END 3 /* in a process that holds pipes, pipe i has its read end at fd 3 + 2 i and its write end at 4 + 2 i */

/* A number of pipes with the same number of bytes queued in each: "100x64KiB". */
struct set {
    const char *name;
    int pipes;
    int bytes;
};

struct options {
    struct set set;
    const char *directory; /* where images are written, if any is */
    pid_t holder;          /* the process whose pipes are captured, if it is not this one */
};

/* A piece of work that is repeated. A process of this program runs one of them. */
struct workload {
    const char *name;
    int words; /* of the command line, with the program's name */
    void (*prepare)(const struct options *options);
    uint64_t (*sample)(void); /* does the work once and returns its nanoseconds */
    void (*finish)(void);
};

extern const struct workload window_workload;
extern const struct workload process_workload;
extern const struct workload checkpoint_workload;
extern const struct workload restore_workload;
extern const struct workload stream_workload;

/* Ends the program, naming the system call that failed. */
_Noreturn void fail(const char *call);
/* Ends the program unless a call moved as many bytes as expected. */
void expect(const char *call, long long found, long long expected);
uint64_t now_nanos(void);
void *allocate(size_t count, size_t bytes);

struct ends {
    int read;
    int write;
};

/* Makes a pipe whose capacity is at least this. */
struct ends make_pipe(int bytes);
void close_pipe(struct ends ends);
/* Makes all pipes of a set and fills them. */
struct ends *make_filled(const struct set *set);
void close_all(struct ends *pipes, int count);

/* Closes what was inherited. A process that outlives its parent is in a session of its own. */
void prepare_to_hold(int outlive_parent);
/* Closes standard output, by which the parent sees that the pipes are there, and sleeps until it is killed. */
_Noreturn void hold_on(void);
_Noreturn void hold(const struct set *set, int outlive_parent, int threads);
/* The same, with children that hold as many pipes each. */
_Noreturn void hold_tree(const struct set *set, int children);
/* Holds pipes of a kind out of the ordinary. */
_Noreturn void hold_odd(const char *kind);
/* Reads a pipe empty until its writers have gone, and keeps nothing. */
void discard_all(int pipe);
/* Runs a command without its output; prints its nanoseconds and its peak memory in KiB. */
_Noreturn void run(char **command);

/* A process whose threads are to be frozen, and its pipes. */
struct target {
    const struct set *set;
    pid_t pid;
    int threads;
    pid_t *tids;
    struct ends *sources; /* copies of the read ends; no write ends */
    struct ends *clones;
    ssize_t *cloned; /* what each tee has taken */
};

/* Finds the threads of a process, which starts and ends none. */
void find_threads(struct target *target);
/* Copies the read end of each pipe, and makes a clone for each. */
void open_pipes(struct target *target);
/* Freezes the process, takes a tee for each pipe, and thaws it; returns how many nanoseconds it was frozen. */
uint64_t capture(struct target *target);
void close_pipes(struct target *target);

/*
 * Writes an image: for each pipe a header and its payload. A payload of a page or more begins at a page.
 */
void write_image(int directory, const char *name, const struct set *set, const struct ends *pipes, int synced);
/* Writes the same to a pipe, or to another fd that has no offset. */
void write_stream(int out, const struct set *set, const struct ends *pipes);
/* Returns where in the image a pipe's payload begins. */
off_t payload_offset(const struct set *set, int pipe);

#endif
