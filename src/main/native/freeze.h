/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_FREEZE_H
#define STANDPIPE_FREEZE_H

#include <stdint.h>

enum sp_how {
    SP_BY_TRACE = 0,
    SP_BY_SIGNAL = 1,
    SP_NOT_AT_ALL = 2, /* since its cgroup is frozen */
};

/* A process, as Java lays it out: 24 bytes. */
struct sp_frozen_process {
    int32_t pid;
    int32_t pidfd;          /* for SP_BY_SIGNAL; else -1 */
    int32_t how;            /* enum sp_how */
    int32_t fd_descriptors; /* of /proc/PID/fd */
    int64_t descriptors;    /* how many fds it had, or -1 where the kernel does not report it */
};

/* A cgroup to be frozen, as Java lays it out: 8 bytes. */
struct sp_frozen_cgroup {
    int32_t fd_control; /* its cgroup.freeze, or in version 1 its freezer.state */
    int32_t fd_events;  /* its cgroup.events; -1 in version 1 */
};

/* As Java lays it out: 96 bytes. */
struct sp_freeze {
    int64_t processes;       /* address of the processes */
    int64_t known;           /* address of the pids that existed when the processes were collected, int32_t, ascending */
    int64_t cgroups;         /* address of the cgroups */
    int64_t captures;        /* address of the captures */
    int32_t processes_count;
    int32_t known_count;     /* 0 if children that have been forked since do not matter */
    int32_t cgroups_count;
    int32_t captures_count;
    int32_t fd_report;       /* gets a byte when all are frozen and captured */
    int32_t fd_gate;         /* all are frozen until it can be read; -1 for no longer than the captures take */
    int32_t fd_owner;        /* a pidfd of the process that waits, whose end opens the gate */
    int32_t copies;          /* whether the captures copy */
    int32_t changed;         /* out: whether a process has more or fewer fds, or a child that was not known */
    int32_t lends;           /* out: whether a thread is in vmsplice, splice, tee or sendfile */
    int32_t culprit;         /* out: the thread that could not be frozen, or 0 */
    int32_t signalled;       /* the processes up to this one were sent SIGSTOP */
    int64_t nanos;           /* out: for how long they were frozen */
    int32_t result;          /* out: what sp_freeze returns */
    int32_t failed;          /* out: enum sp_freeze_step */
    int64_t limit_nanos;     /* in which all must have stopped */
};

/* Freezes, captures and thaws in the calling thread; returns what sp_freeze returns. */
int32_t sp_freeze_here(struct sp_freeze *f);

#endif
