/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_MOVE_H
#define STANDPIPE_MOVE_H

#include <stdint.h>

/* A descriptor on its way to a number in a command, as Java lays it out: 4 x int32_t. In order of the numbers they get. */
struct sp_move {
    int32_t from;        /* a descriptor whose number is no target of any move, or, for sp_spawn, the target itself */
    int32_t to;          /* the number it gets; no two moves have the same */
    int32_t saved;       /* for sp_exec: a copy of what is open there now, or -1 */
    int32_t saved_flags; /* for sp_exec: FD_CLOEXEC if that one had it */
};

/* Which call kept a process from becoming a command; FdMoves.java has the same order. */
enum sp_call { SP_EXECVE, SP_DUP3, SP_FCNTL, SP_CLOSE_RANGE, SP_OPEN, SP_GETDENTS, SP_READ };

/* What a command gets, and what else is still needed on the way there. */
struct sp_kept {
    const struct sp_move *moves;
    int32_t moves_count;
    int32_t also[2]; /* descriptors that are needed until the exec, or -1 */
};

/*
 * Sees to it that the command has no other descriptor, from a first number on: closes it, or has the exec close it.
 * Only async-signal-safe calls. Returns 0, or which call failed, with errno.
 */
enum sp_call sp_drop_others(const struct sp_kept *kept, uint32_t first, int at_exec);

#endif
