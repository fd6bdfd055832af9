/* SPDX-License-Identifier: Apache-2.0 */
/* This process becomes a command, which gets chosen fds. */
#define _GNU_SOURCE
#include "move.h"
#include "standpipe.h"
#include "syscall.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#define UNSHARE 2u /* CLOSE_RANGE_UNSHARE */

/* The working directory and the file mask belong to all threads, and must be as before if the exec fails. */
static enum sp_call apply(const struct sp_settings *settings)
{
    if ((settings->fd_directory != -1 || settings->file_mask != -1) && unshare(CLONE_FS) == -1)
        return SP_UNSHARE;
    return sp_apply_settings(settings);
}

static enum sp_call unshare_table(void)
{
    /* Containers often forbid unshare, and allow close_range, which unshares the table before it closes nothing. */
    const int result = unshare(CLONE_FILES);
    const int cause = errno;

    if (result == 0 || syscall(SYS_close_range, UINT32_MAX, UINT32_MAX, UNSHARE) == 0)
        return 0;
    errno = cause;
    return SP_UNSHARE;
}

/*
 * More than one system call, because between the first move and execve no Java code can run: the fds that are replaced may be those
 * of the JVM's own files. The calling thread gets an fd table of its own first: so the JVM's fds stay as they are if the exec fails,
 * no other thread closes what was put in place, and the command gets nothing that another thread opens. The thread must end
 * afterwards. Returns only on failure (SP_FAILED), with the signal mask, the limit and the ignored signals as before.
 */
int64_t sp_exec(int64_t path_address, int64_t argv_address, int64_t plan_address, int64_t settings_address, int64_t signal_mask)
{
    const struct sp_plan *plan = SP_POINTER(const struct sp_plan, plan_address);
    const struct sp_settings *settings = SP_POINTER(const struct sp_settings, settings_address);
    char *const *environment = SP_POINTER(char *const, settings->environment);
    const int32_t nothing[2] = {-1, -1};
    const uint64_t mask = (uint64_t)signal_mask;
    uint64_t mask_before = 0;
    struct sp_own own;
    enum sp_call failed = unshare_table();
    int cause;

    if (failed == 0)
        failed = apply(settings);
    if (failed == 0)
        failed = sp_make_moves(plan);
    if (failed == 0)
        failed = sp_drop_others(plan, nothing, 0, 1);
    if (failed != 0)
        return SP_FAILED(failed, errno);
    sp_hand_back(settings, &own);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, &mask_before, sizeof mask);
    execve(SP_POINTER(const char, path_address), SP_POINTER(char *const, argv_address),
           environment == NULL ? environ : environment);
    cause = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, sizeof mask_before);
    sp_take_back(settings, &own);
    return SP_FAILED(SP_EXECVE, cause);
}
