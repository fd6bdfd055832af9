/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_SYSCALL_H
#define STANDPIPE_SYSCALL_H

#include <errno.h>

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
