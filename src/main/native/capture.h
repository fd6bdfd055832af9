/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_CAPTURE_H
#define STANDPIPE_CAPTURE_H

#include <stdint.h>

/* One tee, laid out as in TeeBatch.java: 16 bytes. */
struct sp_capture {
    int32_t from;  /* the pipe to capture, open for reading */
    int32_t to;    /* the clone, an empty pipe of the same capacity, open for reading and writing */
    int64_t bytes; /* out: how many were captured, 0 for an empty pipe, or -errno */
};

/* Executes one tee after another. Returns how many failed. */
int32_t sp_take_captures(struct sp_capture *captures, int32_t count);

#endif
