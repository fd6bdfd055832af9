/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_SYSCALL_H
#define STANDPIPE_SYSCALL_H

#include <errno.h>
#include <sys/syscall.h>

/* Linux 5.9. Older headers lack it; the number is the same on every architecture that Java runs on. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/*
 * Calls that are made for each pipe, or that move bytes, go by their SYS_ number. The C library's functions for them are
 * cancellation points: that costs 10 to 13 ns each in a process with threads, and a JVM's native must not be one.
 */

/* Returns from the calling function: the result of the call, or -errno. Retries after EINTR. */
#define SP_RETURN(type, call)                               \
    do {                                                    \
        type sp_result;                                     \
        do {                                                \
            sp_result = (type)(call);                       \
        } while (sp_result == -1 && errno == EINTR);        \
        return sp_result == -1 ? (type)-errno : sp_result;  \
    } while (0)

/* The result of a function that makes several calls: the errno, and above its 32 bits which call failed. */
#define SP_FAILED(call, error) (-(((int64_t)(call) << 32) | (error)))

/* An address that Java passed, as a pointer. */
#define SP_POINTER(type, address) ((type *)(uintptr_t)(address))

#endif
