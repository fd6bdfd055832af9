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

static void undo(const struct sp_move *moves, int32_t done)
{
    while (done-- > 0) {
        const struct sp_move *m = &moves[done];

        if (m->saved >= 0)
            dup3(m->saved, m->to, m->saved_flags ? O_CLOEXEC : 0);
        else
            close(m->to);
    }
}

/*
 * More than one system call, because between the first dup3 and execve no Java code can run: the fds that are replaced may be
 * those of the JVM's own files. The command gets the targets of the moves and nothing else. Returns only on failure (SP_FAILED),
 * with every fd and the signal mask as before. The calling thread's fd table is then its own, so the thread must end.
 */
int64_t sp_exec(int64_t path_address, int64_t argv_address, int64_t moves_address, int32_t moves_count,
                int64_t signal_mask)
{
    const struct sp_move *moves = SP_POINTER(const struct sp_move, moves_address);
    const struct sp_kept kept = {.moves = moves, .moves_count = moves_count, .also = {-1, -1}};
    const uint64_t mask = (uint64_t)signal_mask;
    uint64_t mask_before = 0;
    enum sp_call failed;
    int32_t done;
    int cause;

    /*
     * Gives the calling thread an fd table of its own. Otherwise another thread of the JVM that closes a file could close what
     * was just put in its place, and the command could get what another thread opens. Containers often forbid unshare, and
     * allow close_range, which unshares the table before it closes nothing.
     */
    if (unshare(CLONE_FILES) == -1)
        (void)syscall(SYS_close_range, UINT32_MAX, UINT32_MAX, UNSHARE);
    for (done = 0; done < moves_count; done++) {
        int result;

        do {
            result = dup3(moves[done].from, moves[done].to, 0);
        } while (result == -1 && errno == EINTR);
        if (result == -1) {
            cause = errno;
            undo(moves, done);
            return SP_FAILED(SP_DUP3, cause);
        }
    }
    /* Here, in the thread's own table: no other thread of the JVM opens a file between this and the exec. */
    failed = sp_drop_others(&kept, 0, 1);
    if (failed != 0) {
        cause = errno;
        undo(moves, done);
        return SP_FAILED(failed, cause);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, &mask_before, sizeof mask);
    execve(SP_POINTER(const char, path_address), SP_POINTER(char *const, argv_address), environ);
    cause = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, sizeof mask_before);
    undo(moves, done);
    return SP_FAILED(SP_EXECVE, cause);
}
