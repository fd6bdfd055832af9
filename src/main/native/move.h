/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_MOVE_H
#define STANDPIPE_MOVE_H

#include <stdint.h>

/* A descriptor on its way to a number in a command, as Java lays it out: 4 x int32_t. */
struct sp_move {
    int32_t from;        /* a descriptor whose number is no target of any move, or, for sp_spawn, the target itself */
    int32_t to;          /* the number it gets; no two moves have the same */
    int32_t saved;       /* for sp_exec: a copy of what is open there now, or -1 */
    int32_t saved_flags; /* for sp_exec: FD_CLOEXEC if that one had it */
};

#endif
