/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_MOVE_H
#define STANDPIPE_MOVE_H

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

/* Which call kept a process from becoming a command; FdMoves.java has the same order. */
enum sp_call { SP_EXECVE, SP_DUP3, SP_FCNTL, SP_CLOSE_RANGE, SP_OPEN, SP_GETDENTS, SP_READ, SP_UNSHARE };

/* The functions make async-signal-safe calls only. They return 0, or which call failed, with errno set. */

/* Makes the moves, and has the exec close none of their targets. */
enum sp_call sp_make_moves(const struct sp_plan *plan);

/* Closes all other fds from `first` on, or has the exec close them. `also` are two fds that are needed until then, or -1. */
enum sp_call sp_drop_others(const struct sp_plan *plan, const int32_t also[2], uint32_t first, int at_exec);

/* Returns whether the plan keeps the fd. */
int sp_is_kept(const struct sp_plan *plan, uint32_t fd);

#endif
