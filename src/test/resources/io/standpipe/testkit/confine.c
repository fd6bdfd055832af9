/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine PROFILE CAPABILITIES USER COMMAND...: runs a command with what a container engine leaves it: no_new_privs, a bounding set of
 * CAPABILITIES (a mask in hexadecimal), the numeric USER as user and group, and the seccomp PROFILE. As with an engine, a profile lets
 * calls through for capabilities in the bounding set, and a user other than 0 has no capabilities.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DOCKER = 1, DOCKER_20 = 2, DOCKER_19 = 4, PODMAN = 8, SANDBOX = 16 };
enum { DOCKERS = DOCKER | DOCKER_20 | DOCKER_19, ENGINES = DOCKERS | PODMAN };
enum { NEVER = -1 };

static const struct {
    const char *name;
    unsigned bit;
} PROFILES[] = {
    {"none", 0},
    {"docker", DOCKER},          /* Docker 20.10.10 and later; containerd, and so Kubernetes' RuntimeDefault */
    {"docker_20_10", DOCKER_20}, /* the first of the series */
    {"docker_19_03", DOCKER_19},
    {"podman", PODMAN},          /* CRI-O, too */
    {"sandbox", SANDBOX},        /* a kernel in user space, which answers ENOSYS */
};

/*
 * What the engines' published profiles refuse of what Linux has, with the capability that lets it through. Numbers from 424 on are the same on
 * all architectures. Left out is what neither a program in a container nor Standpipe calls.
 */
static const struct {
    int first;
    int last;
    int capability;
    unsigned profiles;
    int error;
} RULES[] = {
    {SYS_kcmp, SYS_kcmp, CAP_SYS_PTRACE, ENGINES, EPERM},
    {438, 438, CAP_SYS_PTRACE, DOCKER | DOCKER_20, EPERM}, /* pidfd_getfd */
    {440, 440, CAP_SYS_PTRACE, DOCKER | PODMAN, EPERM},    /* process_madvise */
    {SYS_process_vm_readv, SYS_process_vm_writev, CAP_SYS_PTRACE, DOCKER_20 | DOCKER_19, EPERM},
    {SYS_unshare, SYS_unshare, CAP_SYS_ADMIN, DOCKERS, EPERM},
    {SYS_setns, SYS_setns, CAP_SYS_ADMIN, ENGINES, EPERM},
    {SYS_mount, SYS_mount, CAP_SYS_ADMIN, DOCKERS, EPERM},
    {SYS_umount2, SYS_umount2, CAP_SYS_ADMIN, DOCKERS, EPERM},
    {SYS_pivot_root, SYS_pivot_root, NEVER, DOCKERS, EPERM},
    {SYS_bpf, SYS_bpf, CAP_SYS_ADMIN, ENGINES, EPERM},
    {SYS_perf_event_open, SYS_perf_event_open, CAP_SYS_ADMIN, ENGINES, EPERM},
    {SYS_open_by_handle_at, SYS_open_by_handle_at, CAP_DAC_READ_SEARCH, ENGINES, EPERM},
    {SYS_mbind, SYS_mbind, CAP_SYS_NICE, DOCKERS, EPERM},
    {SYS_set_mempolicy, SYS_set_mempolicy, CAP_SYS_NICE, DOCKERS, EPERM},
    {SYS_get_mempolicy, SYS_get_mempolicy, CAP_SYS_NICE, DOCKERS, EPERM},
    {SYS_move_pages, SYS_move_pages, NEVER, ENGINES, EPERM},
    {SYS_userfaultfd, SYS_userfaultfd, NEVER, ENGINES, EPERM},
    {SYS_add_key, SYS_keyctl, NEVER, DOCKERS, EPERM},
    {SYS_vmsplice, SYS_vmsplice, NEVER, PODMAN, EPERM},
    {SYS_rseq, SYS_rseq, NEVER, DOCKER_19, EPERM},
    {SYS_membarrier, SYS_membarrier, NEVER, DOCKER_19, EPERM},
    {425, 427, NEVER, DOCKER, EPERM},  /* io_uring */
    {425, 427, NEVER, PODMAN, ENOSYS},
    {428, 433, CAP_SYS_ADMIN, DOCKER, EPERM}, /* mounts */
    {428, 433, NEVER, DOCKER_20, EPERM},
    /* clone3 and faccessat2: with EPERM, as old profiles have it, C libraries of today do not work; those that are as old do without. */
    {435, 435, CAP_SYS_ADMIN, DOCKERS, ENOSYS},
    {439, 439, NEVER, DOCKER_19, ENOSYS},
    {424, 434, NEVER, DOCKER_19, EPERM},        /* pidfd_send_signal to pidfd_open */
    {436, 1000, NEVER, DOCKER_19, EPERM},       /* openat2, pidfd_getfd, close_range, ... */
    {436, 436, NEVER, DOCKER_20, EPERM},        /* close_range */
    {440, 1000, NEVER, DOCKER_20, EPERM},
    {467, 1000, NEVER, DOCKER, ENOSYS},
    {457, 1000, NEVER, PODMAN, ENOSYS},
    {SYS_kcmp, SYS_kcmp, NEVER, SANDBOX, ENOSYS},
    {SYS_ptrace, SYS_ptrace, NEVER, SANDBOX, ENOSYS},
    {SYS_vmsplice, SYS_vmsplice, NEVER, SANDBOX, ENOSYS},
    {424, 1000, NEVER, SANDBOX, ENOSYS},
};

/* Namespaces may not be made by clone, but for a process with CAP_SYS_ADMIN. */
enum {
    NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP,
    MOST_STEPS = 256,
};

static int failed(const char *what)
{
    perror(what);
    return 99;
}

static int has(unsigned long long capabilities, int capability)
{
    return capability != NEVER && (capabilities >> capability & 1) != 0;
}

static unsigned short filter(unsigned profile, unsigned long long capabilities, struct sock_filter *steps)
{
    struct sock_filter *next = steps;
    unsigned i;

    *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (i = 0; i < sizeof RULES / sizeof RULES[0]; i++) {
        if ((RULES[i].profiles & profile) == 0 || has(capabilities, RULES[i].capability)) {
            continue;
        }
        *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, RULES[i].first, 0, 2);
        *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, RULES[i].last, 1, 0);
        *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | RULES[i].error);
    }
    if ((profile & DOCKERS) != 0 && !has(capabilities, CAP_SYS_ADMIN)) {
        *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
        *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]));
        *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1);
        *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    }
    *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    return (unsigned short)(next - steps);
}

static int drop(unsigned long long kept, unsigned user)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    int capability, i;

    for (capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (!has(kept, capability) && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            return failed("PR_CAPBSET_DROP");
        }
    }
    if (user != 0 && (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0)) {
        return failed("setresuid");
    }
    if (syscall(SYS_capget, &header, data) != 0) {
        return failed("capget");
    }
    for (i = 0; i < 2; i++) {
        data[i].permitted &= (unsigned)(kept >> 32 * i);
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &header, data) != 0 ? failed("capset") : 0;
}

int main(int count, char **arguments)
{
    static struct sock_filter steps[MOST_STEPS];
    struct sock_fprog program = {0, steps};
    unsigned long long capabilities;
    unsigned i;

    for (i = 0; count > 4 && i < sizeof PROFILES / sizeof PROFILES[0]; i++) {
        if (strcmp(arguments[1], PROFILES[i].name) != 0) {
            continue;
        }
        capabilities = strtoull(arguments[2], NULL, 16);
        program.len = filter(PROFILES[i].bit, capabilities, steps);
        if (drop(capabilities, (unsigned)atoi(arguments[3])) != 0) {
            return 99;
        }
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
            return failed("PR_SET_SECCOMP");
        }
        execvp(arguments[4], arguments + 4);
        return failed(arguments[4]);
    }
    fprintf(stderr, "usage: confine PROFILE CAPABILITIES USER COMMAND...\n");
    return 99;
}
