/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_CAPTURE_H
#define STANDPIPE_CAPTURE_H

#include <stdint.h>

enum sp_capture_by {
    SP_BY_READ_END = 0,
    SP_BY_WRITE_END = 1, /* a read end is opened for the moment, unless the pipe is empty */
    SP_NOT_NOW = 2,
};

/* One tee, laid out as in TeeBatch.java: 40 bytes. */
struct sp_capture {
    int32_t from;       /* the pipe to capture */
    int32_t to;         /* the clone, an empty pipe of the same capacity, open for reading and writing */
    int64_t bytes;      /* out: how many were captured, 0 for an empty pipe, or -errno */
    int32_t by;         /* enum sp_capture_by */
    int32_t fd_through; /* an empty pipe of the same capacity at least, through which bytes are copied; -1 if they are not */
    int64_t copy;       /* address of memory for a copy of the bytes, as large as the capacity; 0 for none */
    int64_t copied;     /* out: how many bytes were copied, or -errno */
};

/* Executes one tee after another. Returns how many failed. */
int32_t sp_take_captures(struct sp_capture *captures, int32_t count);

#endif
