/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_CAPTURE_H
#define STANDPIPE_CAPTURE_H

#include <stdint.h>

/* A clone that is to be taken, as Java lays it out: 16 bytes. */
struct sp_capture {
    int32_t from;  /* a pipe that can be read */
    int32_t to;    /* an empty one of its capacity, which can be read and written */
    int64_t bytes; /* out: how many were cloned, 0 for an empty pipe, or -errno */
};

/* One tee after another. Returns how many failed. */
int32_t sp_take_captures(struct sp_capture *captures, int32_t count);

#endif
