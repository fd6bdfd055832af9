/* SPDX-License-Identifier: Apache-2.0 */
/* This process becomes a command, which gets chosen fds. */
#define _GNU_SOURCE
#include "move.h"
#include "standpipe.h"
#include "syscall.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* For the listing of fds and the signals that are put back; a signal handler of the JVM may run there, too. */
#define EXEC_STACK_BYTES ((size_t)128 << 10)

/* What this process is to become, and what kept it from that. */
struct becoming {
    const char *path;
    char *const *argv;
    const struct sp_plan *plan;
    const struct sp_settings *settings;
    uint64_t mask;
    int64_t failure;
};

/* The calling thread has fds, a working directory and a file mask of its own. Returns only on failure. */
static int become_in_this_thread(void *what)
{
    struct becoming *b = what;
    char *const *environment = SP_POINTER(char *const, b->settings->environment);
    const int32_t nothing[2] = {-1, -1};
    uint64_t mask_before = 0;
    struct sp_own own;
    enum sp_call failed = sp_apply_settings(b->settings);
    int cause;

    if (failed == 0)
        failed = sp_make_moves(b->plan);
    if (failed == 0)
        failed = sp_drop_others(b->plan, nothing, 0, 1);
    if (failed != 0) {
        b->failure = SP_FAILED(failed, errno);
        return 0;
    }
    sp_hand_back(b->settings, &own);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &b->mask, &mask_before, sizeof mask_before);
    execve(b->path, b->argv, environment == NULL ? environ : environment);
    cause = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, sizeof mask_before);
    sp_take_back(b->settings, &own);
    b->failure = SP_FAILED(SP_EXECVE, cause);
    return 0;
}

/*
 * Becomes the command in a thread that the kernel makes with fds and so on of its own. Containers mostly forbid unshare, and none forbids
 * this. The new thread has the caller's thread-local memory, as after vfork: so the caller waits, and no signal comes to it meanwhile.
 */
static void become_in_new_thread(struct becoming *b)
{
    const uint64_t all = UINT64_MAX;
    uint64_t mask_before = 0;
    char *stack = mmap(NULL, EXEC_STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

    if (stack == MAP_FAILED) {
        b->failure = SP_FAILED(SP_CLONE, errno);
        return;
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask_before, sizeof all);
    if (clone(become_in_this_thread, stack + EXEC_STACK_BYTES,
              CLONE_VM | CLONE_VFORK | CLONE_THREAD | CLONE_SIGHAND | CLONE_SYSVSEM, b) == -1)
        b->failure = SP_FAILED(SP_CLONE, errno);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, sizeof mask_before);
    munmap(stack, EXEC_STACK_BYTES);
}

/*
 * More than one system call, because between the first move and execve no Java code can run: the fds that are replaced may be those
 * of the JVM's own files. The thread that makes the moves has an fd table of its own, a working directory and a file mask: so the JVM's
 * stay as they are if the exec fails, no other thread closes what was put in place, and the command gets nothing that another thread
 * opens. The calling thread must end afterwards. Returns only on failure (SP_FAILED), with the signal mask, the limit and the ignored
 * signals as before.
 */
int64_t sp_exec(int64_t path_address, int64_t argv_address, int64_t plan_address, int64_t settings_address, int64_t signal_mask)
{
    struct becoming b = {
        .path = SP_POINTER(const char, path_address),
        .argv = SP_POINTER(char *const, argv_address),
        .plan = SP_POINTER(const struct sp_plan, plan_address),
        .settings = SP_POINTER(const struct sp_settings, settings_address),
        .mask = (uint64_t)signal_mask,
    };

    if (unshare(CLONE_FILES | CLONE_FS) == 0)
        become_in_this_thread(&b);
    else
        become_in_new_thread(&b);
    return b.failure;
}
