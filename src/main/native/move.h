/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_MOVE_H
#define STANDPIPE_MOVE_H

#include <stdint.h>

/* An fd that a command gets, laid out as in FdMoves.java: 4 x int32_t. Moves are in ascending order of `to`. */
struct sp_move {
    int32_t from;        /* an fd that is not the `to` of any move or, for sp_spawn, the `to` of this one */
    int32_t to;          /* what it becomes in the command */
    int32_t saved;       /* for sp_exec: a duplicate of what is open at `to` now, or -1 */
    int32_t saved_flags; /* for sp_exec: FD_CLOEXEC if `to` has it now */
};

/* Which call kept a process from becoming a command; FdMoves.java has the same order. */
enum sp_call { SP_EXECVE, SP_DUP3, SP_FCNTL, SP_CLOSE_RANGE, SP_OPEN, SP_GETDENTS, SP_READ };

/* The fds that are not closed. */
struct sp_kept {
    const struct sp_move *moves;
    int32_t moves_count;
    int32_t also[2]; /* needed until the exec, or -1 */
};

/*
 * Closes all other fds from `first` on, or has the exec close them. Makes async-signal-safe calls only. Returns 0, or which call
 * failed, with errno set.
 */
enum sp_call sp_drop_others(const struct sp_kept *kept, uint32_t first, int at_exec);

#endif
