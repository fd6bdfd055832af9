/* SPDX-License-Identifier: Apache-2.0 */
/* Becoming a command, with descriptors at chosen numbers. */
#define _GNU_SOURCE
#include "move.h"
#include "standpipe.h"
#include "syscall.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

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
 * More than one system call, because between the first dup3 and execve no Java code can run: the numbers that are filled
 * may be those of the JVM's own files. The command has the targets of the moves and nothing else. Returns only on failure,
 * and then with every descriptor and the signal mask as they were; but the calling thread no longer shares the table of
 * descriptors, so it is to end then. What it returns tells which call failed, too.
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
     * From here on the calling thread has a table of descriptors of its own: another thread of the JVM that closes a file
     * whose number is filled below would close what was just put there. Where unshare is forbidden that chance remains.
     */
    (void)unshare(CLONE_FILES);
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
    /* In here, where no other thread of the JVM opens a file between this and the exec. */
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
