/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refuse CALL[=ERROR],... COMMAND...: runs a command under a seccomp profile that refuses system calls, with EPERM as profiles of
 * containers do, or with another error as an older kernel does. Of some calls one flag or command alone is refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NO_CALL 0xffffff

/* `mask` is 0 for all of its calls; or else of those whose argument, masked, is `bits`. */
static const struct call {
    const char *name;
    unsigned number;
    unsigned argument;
    unsigned mask;
    unsigned bits;
} CALLS[] = {
    {"tee", SYS_tee, 0, 0, 0},
    {"splice", SYS_splice, 0, 0, 0},
    {"vmsplice", SYS_vmsplice, 0, 0, 0},
    {"kcmp", SYS_kcmp, 0, 0, 0},
    {"pidfd_open", 434, 0, 0, 0},
    {"PIDFD_THREAD", 434, 1, 0200, 0200},
    {"pidfd_getfd", 438, 0, 0, 0},
    {"pidfd_send_signal", 424, 0, 0, 0},
    {"openat2", 437, 0, 0, 0},
    {"close_range", 436, 0, 0, 0},
    {"CLOSE_RANGE_CLOEXEC", 436, 2, 4, 4},
    {"write from nowhere", SYS_write, 1, 0xffffffff, 0},
    {"F_DUPFD_QUERY", SYS_fcntl, 1, 0xffffffff, 1027},
    {"memfd_create", SYS_memfd_create, 0, 0, 0},
    {"unshare", SYS_unshare, 0, 0, 0},
    {"ptrace", SYS_ptrace, 0, 0, 0},
    {"clone", SYS_clone, 0, 0, 0},
    {"fallocate", SYS_fallocate, 0, 0, 0},
    {"sync_file_range", SYS_sync_file_range, 0, 0, 0},
    {"fdatasync", SYS_fdatasync, 0, 0, 0},
    {"fsync", SYS_fsync, 0, 0, 0},
    {"renameat", SYS_renameat, 0, 0, 0},
    {"none", NO_CALL, 0, 0, 0},
};

static const struct error {
    const char *name;
    unsigned number;
} ERRORS[] = {{"EPERM", EPERM}, {"ENOSYS", ENOSYS}, {"EINVAL", EINVAL}, {"EACCES", EACCES}};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "refuse: %s\nusage: refuse CALL[=ERROR],... COMMAND...\n", what);
    exit(99);
}

static const struct call *call_of(const char *name)
{
    unsigned i;

    for (i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        if (strcmp(name, CALLS[i].name) == 0)
            return &CALLS[i];
    }
    fail(name);
}

static unsigned error_of(const char *name)
{
    unsigned i;

    for (i = 0; i < sizeof ERRORS / sizeof ERRORS[0]; i++) {
        if (strcmp(name, ERRORS[i].name) == 0)
            return ERRORS[i].number;
    }
    fail(name);
}

static void refuse(const struct call *call, unsigned error)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->number, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * call->argument),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call->mask),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->bits, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog profile = {sizeof steps / sizeof steps[0], steps};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &profile) == -1) {
        perror("prctl");
        exit(99);
    }
}

int main(int count, char **arguments)
{
    char *name;

    if (count < 3)
        fail("a call and a command are needed");
    for (name = strtok(arguments[1], ","); name != NULL; name = strtok(NULL, ",")) {
        char *error = strchr(name, '=');

        if (error != NULL)
            *error++ = '\0';
        refuse(call_of(name), error == NULL ? EPERM : error_of(error));
    }
    execvp(arguments[2], arguments + 2);
    perror(arguments[2]);
    return 99;
}
