/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_SYSCALL_H
#define STANDPIPE_SYSCALL_H

#include <errno.h>

/*
 * What is called for each pipe, or moves bytes, is called by its number. The C library's functions for these are cancellation
 * points, which takes 10 to 13 ns each in a process that has threads; and a native of a JVM may be none.
 */

/* Returns from the calling function with the result of a call that says -1 and errno, as the result or -errno. */
#define SP_RETURN(type, call)                               \
    do {                                                    \
        type sp_result;                                     \
        do {                                                \
            sp_result = (type)(call);                       \
        } while (sp_result == -1 && errno == EINTR);        \
        return sp_result == -1 ? (type)-errno : sp_result;  \
    } while (0)

/* The result of a function of several calls: which of them failed, above the error number. */
#define SP_FAILED(call, error) (-(((int64_t)(call) << 32) | (error)))

/* An address as Java holds it, as a pointer. */
#define SP_POINTER(type, address) ((type *)(uintptr_t)(address))

#endif
