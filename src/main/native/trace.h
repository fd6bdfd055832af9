/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_TRACE_H
#define STANDPIPE_TRACE_H

#include <stdint.h>

/* What failed, in FreezeCall.java's order. */
enum sp_freeze_step {
    SP_IN_NOTHING,
    SP_IN_MMAP,
    SP_IN_CLONE,
    SP_IN_PTRACE,
    SP_IN_WAITID,
    SP_IN_LISTING,
    SP_IN_SIGNAL,
    SP_IN_CGROUP,
    SP_IN_REPORT,
};

/* A thread that is traced, in order to stop it. */
struct sp_tracee {
    int32_t tid;
    int32_t pid;
    int32_t leader;  /* index of the first tracee of its process */
    int32_t threads; /* of the first one only: how many threads of its process are known and have not ended */
    int32_t state;   /* enum state in trace.c */
    int32_t signal;  /* the signal in whose delivery it was stopped, or 0 */
};

/* All threads that are traced. The list is memory of its own (mmap), because the heap is the JVM's. */
struct sp_tracees {
    struct sp_tracee *list;
    int32_t count;
    int32_t room;
    int32_t failed;        /* enum sp_freeze_step */
    int32_t culprit;       /* the thread that could not be stopped, or 0 */
    int64_t stopped_since; /* when the first was asked to stop; nanoseconds of CLOCK_MONOTONIC */
};

int64_t sp_now_nanos(void);

/* Sleeps until a tracee changes its state, or the time is over. */
void sp_sleep(int64_t nanos);

/* Adds a process whose threads are to be stopped; returns 0 or -errno. */
int sp_trace_add(struct sp_tracees *t, int32_t pid);

/*
 * Stops every thread of the processes that were added, also those that appear meanwhile. No signal is sent. A thread that does not
 * stop soon keeps no other stopped while it is waited for.
 * Returns 0, -ETIMEDOUT at the deadline, or the -errno of the thread that could not be traced.
 */
int sp_trace_stop(struct sp_tracees *t, int64_t deadline);

/* Returns whether a stopped thread is in a call that can put pages into a pipe that somebody else may still change. */
int sp_trace_lends_pages(const struct sp_tracees *t);

/* Lets every stopped thread run again, with the signal in whose delivery it was stopped. */
void sp_trace_resume(struct sp_tracees *t);

/* Frees the list. The kernel ends what tracing is left when this process ends. */
void sp_trace_free(struct sp_tracees *t);

#endif
