/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two floors. The bare one is what a checkpoint and a restore cost when they are nothing but the system calls that
 * they must make: it keeps no flags, no owners and no digest, looks for no packets, and knows beforehand what is in
 * the pipes. The other one, whose files and workloads begin with "same", makes just the calls that Standpipe makes,
 * and nothing else.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE_BYTES 4096
#define DEFAULT_CAPACITY_BYTES 65536
#define HEADER_BYTES 256 /* of all the records that tell of a pipe */
#define GATHERED_BYTES (4 * PAGE_BYTES)
#define STAGE_BYTES 1048576 /* what any user may have in a pipe, unless the administrator says otherwise */
/* In a process that holds pipes, pipe i has its read end at this number and 2 i, its write end behind that. */
#define FIRST_END 3

/* So many pipes with so many bytes queued in each: "100x64KiB". */
struct set {
    const char *name;
    int pipes;
    int bytes;
};

struct options {
    struct set set;
    const char *folder; /* where images go */
    pid_t holder;       /* whose pipes a window is about; 0 to start one */
    int sync_folder;    /* whether a checkpoint syncs the folder after the rename */
};

/* Something that can be timed again and again. A program runs one of them at a time. */
struct workload {
    const char *name;
    void (*prepare)(const struct options *options);
    uint64_t (*sample)(void); /* nanoseconds of what is timed */
    void (*finish)(void);
};

extern const struct workload window_workload;
extern const struct workload checkpoint_workload;
extern const struct workload checkpoint_again_workload;
extern const struct workload checkpoint_staged_workload;
extern const struct workload stream_workload;
extern const struct workload restore_workload;
extern const struct workload restore_close_workload;
extern const struct workload same_checkpoint_workload;
extern const struct workload same_checkpoint_again_workload;
extern const struct workload same_stream_workload;
extern const struct workload same_restore_workload;
extern const struct workload same_restore_close_workload;

/* Ends the program, naming a system call that failed. */
_Noreturn void fail(const char *call);
/* Ends the program unless what a call moved is what it had to move. */
void expect(const char *call, long long found, long long expected);
uint64_t now_nanos(void);
/* Restores and closes what was restored; returns how long it took, with closing or without. */
uint64_t time_restore(void (*restore)(void), void (*close_made)(void), int closing);
void *allocate(size_t count, size_t bytes);

struct set parse_set(const char *text);

struct ends {
    int read;
    int write;
};

/* A pipe with room for so many bytes. */
struct ends make_pipe(int bytes);
void close_pipe(struct ends ends);
/* As many as the set has, full of bytes that are not all the same. */
struct ends *make_filled(const struct set *set);
void close_all(struct ends *pipes, int count);
/* A process that does nothing but hold pipes; returns when they are filled. It ends with this program. */
pid_t start_holder(const struct set *set);
/* What comes before and after the pipes of a process that holds some. */
void prepare_to_hold(int live_on);
_Noreturn void hold_on(void);
/* The same with pipes of some kind out of the ordinary, until it is ended. */
_Noreturn void hold_odd(const char *kind);
_Noreturn void hold(const struct set *set, int live_on);
/* Lets what comes through a pipe go to /dev/null, until its end. */
_Noreturn void drain(int pipe);
/* A process that does so; returns the end to write to, whose closing ends it. */
int start_drainer(pid_t *drainer);
/* Runs a command with no output, and prints how many nanoseconds it took and how many KiB it had at most. */
_Noreturn void run(char **command);

/*
 * Writes an image of the set's pipes under a name in a folder: each payload by way of a clone, or staged, many
 * together by way of one large pipe. Before a payload of a page or more there is a page of headers, so that it begins
 * at a page.
 */
void write_image(int folder, const char *name, const struct set *set, const struct ends *pipes, int staged);
int header_bytes(const struct set *set);
off_t image_bytes(const struct set *set);
/* Where in an image a pipe's payload begins. */
off_t payload_offset(const struct set *set, int pipe);

#endif
