/* SPDX-License-Identifier: Apache-2.0 */
/* refuse CALL COMMAND...: runs a command under a seccomp profile that answers one system call with EPERM. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned number;
} CALLS[] = {
    {"tee", SYS_tee},
    {"splice", SYS_splice},
    {"kcmp", SYS_kcmp},
    {"pidfd_open", 434},
    {"pidfd_getfd", 438},
    {"pidfd_send_signal", 424},
    {"ptrace", SYS_ptrace},
    {"clone", SYS_clone},
    {"fallocate", SYS_fallocate},
    {"sync_file_range", SYS_sync_file_range},
    {"fdatasync", SYS_fdatasync},
    {"renameat", SYS_renameat},
    {"none", 0xffffff},
};

int main(int count, char **arguments)
{
    unsigned i;

    for (i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        if (count > 2 && strcmp(arguments[1], CALLS[i].name) == 0) {
            struct sock_filter steps[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALLS[i].number, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
            };
            struct sock_fprog profile = {sizeof steps / sizeof steps[0], steps};

            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &profile) == -1) {
                perror("prctl");
                return 99;
            }
            execvp(arguments[2], arguments + 2);
            perror(arguments[2]);
            return 99;
        }
    }
    fprintf(stderr, "usage: refuse CALL COMMAND...\n");
    return 99;
}
