/* SPDX-License-Identifier: Apache-2.0 */
#include "old_kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define CLOSE_RANGE 436
#define CLOSE_RANGE_CLOEXEC 4

#ifndef F_DUPFD_QUERY
#define F_DUPFD_QUERY 1027
#endif

/* Refuses a call whose argument of that number, counted from 0, has just these bits of the mask. */
static int refuse_if(unsigned int call, unsigned int argument, unsigned int mask, unsigned int bits, unsigned int error)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned int)(offsetof(struct seccomp_data, args) + argument * sizeof(__u64))),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, bits, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {.len = sizeof steps / sizeof steps[0], .filter = steps};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int refuse(unsigned int call)
{
    return refuse_if(call, 0, 0, 0, ENOSYS);
}

int have_no_close_range(void)
{
    return refuse(CLOSE_RANGE);
}

int have_no_close_range_at_exec(void)
{
    return refuse_if(CLOSE_RANGE, 2, CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_CLOEXEC, EINVAL);
}

int have_no_comparison(void)
{
    return refuse(SYS_kcmp) == -1 ? -1 : refuse_if(SYS_fcntl, 1, UINT32_MAX, F_DUPFD_QUERY, EINVAL);
}

int have_no_unshare(void)
{
    return refuse(SYS_unshare);
}
