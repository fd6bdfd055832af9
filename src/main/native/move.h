/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_MOVE_H
#define STANDPIPE_MOVE_H

#include <signal.h>
#include <stdint.h>

/* What an fd becomes in a command. */
struct sp_move {
    int32_t from;
    int32_t to; /* the same as `from` if it is to be passed on only */
};

/* The fds that a command gets, as FdMoves.java lays them out: the moves in their order, then the fds that are not dropped. */
struct sp_plan {
    int32_t moves_count;
    int32_t kept_count;
    int32_t numbers[]; /* moves_count pairs, and kept_count fds in ascending order */
};

/* What else a command gets, as CommandSettings.java lays it out: 72 bytes. */
struct sp_settings {
    int64_t environment;   /* address of a vector as execve takes it; 0 for this process's */
    int64_t groups;        /* address of the supplementary groups, uint32_t */
    int32_t groups_count;  /* -1 if user and groups stay as they are */
    int32_t fd_directory;  /* the working directory; -1 for this process's */
    uint32_t users[3];     /* real, effective and saved */
    uint32_t group_ids[3]; /* likewise */
    int32_t file_mask;     /* as umask has it; -1 for this process's */
    int32_t new_session;   /* whether it leads a session of its own, without a terminal */
    int64_t fd_limit;      /* the soft limit of fds; -1 for this process's */
    uint64_t ignored;      /* signals that it ignores besides those that this process ignores, bit 0 being signal 1 */
};

/* What sp_hand_back has changed in this process. */
struct sp_own {
    uint64_t fd_limits[2]; /* soft and hard */
    struct sigaction actions[64];
};

/* Which call kept a process from becoming a command; FdMoves.java has the same order. */
enum sp_call {
    SP_EXECVE,
    SP_DUP3,
    SP_FCNTL,
    SP_CLOSE_RANGE,
    SP_OPEN,
    SP_GETDENTS,
    SP_READ,
    SP_CLONE,
    SP_SETSID,
    SP_FCHDIR,
    SP_SETGROUPS,
    SP_SETRESGID,
    SP_SETRESUID,
};

/* The functions make async-signal-safe calls only. They return 0, or which call failed, with errno set. */

/* Makes the moves, and has the exec close none of their targets. */
enum sp_call sp_make_moves(const struct sp_plan *plan);

/*
 * Applies what else a command gets, to the calling thread. Comes before the moves, which may replace the directory's fd. Who gives up
 * being root cannot go back: the thread must end if the exec fails.
 */
enum sp_call sp_apply_settings(const struct sp_settings *settings);

/*
 * Sets the limit of fds and the ignored signals, which belong to all threads. Comes last before the exec, since the moves need the
 * higher limit. None of its calls can fail: a soft limit may be lowered, and is not raised.
 */
void sp_hand_back(const struct sp_settings *settings, struct sp_own *own);

/* Sets them as they were, after an exec that failed. */
void sp_take_back(const struct sp_settings *settings, const struct sp_own *own);

/* Closes all other fds from `first` on, or has the exec close them. `also` are two fds that are needed until then, or -1. */
enum sp_call sp_drop_others(const struct sp_plan *plan, const int32_t also[2], uint32_t first, int at_exec);

/* Returns whether the plan keeps the fd. */
int sp_is_kept(const struct sp_plan *plan, uint32_t fd);

#endif
