/* SPDX-License-Identifier: Apache-2.0 */
/* Fds that a command gets, and those that it does not get. */
#define _GNU_SOURCE
#include "move.h"
#include "syscall.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#define AT_EXEC 4u /* CLOSE_RANGE_CLOEXEC, Linux 5.11 */

#define NONE UINT32_MAX

static const int32_t *kept_of(const struct sp_plan *plan)
{
    return plan->numbers + 2 * plan->moves_count;
}

enum sp_call sp_make_moves(const struct sp_plan *plan)
{
    const struct sp_move *moves = (const struct sp_move *)(const void *)plan->numbers;
    int32_t i;

    for (i = 0; i < plan->moves_count; i++) {
        const struct sp_move *m = &moves[i];
        int result;

        do {
            result = m->from == m->to ? fcntl(m->to, F_SETFD, 0) : dup3(m->from, m->to, 0);
        } while (result == -1 && errno == EINTR);
        if (result == -1)
            return m->from == m->to ? SP_FCNTL : SP_DUP3;
    }
    return 0;
}

enum sp_call sp_apply_settings(const struct sp_settings *s)
{
    const uint32_t *const u = s->users;
    const uint32_t *const g = s->group_ids;

    if (s->new_session && syscall(SYS_setsid) == -1)
        return SP_SETSID;
    if (s->file_mask != -1)
        syscall(SYS_umask, s->file_mask);
    if (s->fd_directory != -1 && syscall(SYS_fchdir, s->fd_directory) == -1)
        return SP_FCHDIR;
    if (s->groups_count == -1)
        return 0;
    /* By number: the C library's functions would change all threads. */
    if (syscall(SYS_setgroups, (long)s->groups_count, SP_POINTER(const uint32_t, s->groups)) == -1)
        return SP_SETGROUPS;
    if (syscall(SYS_setresgid, g[0], g[1], g[2]) == -1)
        return SP_SETRESGID;
    return syscall(SYS_setresuid, u[0], u[1], u[2]) == -1 ? SP_SETRESUID : 0;
}

void sp_hand_back(const struct sp_settings *s, struct sp_own *own)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    int signo;

    for (signo = 1; signo <= 64; signo++) {
        if (s->ignored >> (signo - 1) & 1)
            sigaction(signo, &ignore, &own->actions[signo - 1]);
    }
    if (s->fd_limit != -1 && syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, own->fd_limits) == 0) {
        const uint64_t limits[2] = {(uint64_t)s->fd_limit < own->fd_limits[0] ? (uint64_t)s->fd_limit : own->fd_limits[0],
                                    own->fd_limits[1]};

        syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, limits, NULL);
    }
}

void sp_take_back(const struct sp_settings *s, const struct sp_own *own)
{
    int signo;

    if (s->fd_limit != -1)
        syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, own->fd_limits, NULL);
    for (signo = 1; signo <= 64; signo++) {
        if (s->ignored >> (signo - 1) & 1)
            sigaction(signo, &own->actions[signo - 1], NULL);
    }
}

/* Returns the lowest fd from `first` on that is not dropped, or NONE. `at` is the first kept one that may matter, and moves on. */
static uint32_t next_kept(const struct sp_plan *plan, const int32_t also[2], uint32_t first, int32_t *at)
{
    const int32_t *kept = kept_of(plan);
    uint32_t next = NONE;
    int i;

    while (*at < plan->kept_count && (uint32_t)kept[*at] < first)
        (*at)++;
    if (*at < plan->kept_count)
        next = (uint32_t)kept[*at];
    for (i = 0; i < 2; i++) {
        if ((uint32_t)also[i] >= first && (uint32_t)also[i] < next)
            next = (uint32_t)also[i];
    }
    return next;
}

int sp_is_kept(const struct sp_plan *plan, uint32_t fd)
{
    const int32_t *kept = kept_of(plan);
    int32_t low = 0;
    int32_t high = plan->kept_count;

    while (low < high) {
        const int32_t middle = low + (high - low) / 2;

        if ((uint32_t)kept[middle] < fd)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->kept_count && (uint32_t)kept[low] == fd;
}

/* Returns the fd that a name in /proc/self/fd stands for, or NONE. */
static uint32_t fd_of(const char *name)
{
    uint32_t fd = 0;

    if (*name < '0' || *name > '9')
        return NONE;
    for (; *name >= '0' && *name <= '9'; name++)
        fd = fd * 10 + (uint32_t)(*name - '0');
    return fd;
}

/* For kernels without close_range. Not a loop over all possible fds: their limit may be a billion. */
static enum sp_call drop_listed(const struct sp_plan *plan, const int32_t also[2], uint32_t first, int at_exec)
{
    _Alignas(struct dirent) char entries[2048];
    const int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long length;
    long at;
    int cause;

    if (directory == -1)
        return SP_OPEN;
    while ((length = syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0) {
        for (at = 0; at < length;) {
            const struct dirent *entry = (const struct dirent *)(const void *)(entries + at);
            const uint32_t fd = fd_of(entry->d_name);

            if (fd >= first && fd != NONE && fd != (uint32_t)directory && fd != (uint32_t)also[0] &&
                fd != (uint32_t)also[1] && !sp_is_kept(plan, fd)) {
                if (at_exec)
                    fcntl((int)fd, F_SETFD, FD_CLOEXEC);
                else
                    close((int)fd);
            }
            at += entry->d_reclen;
        }
    }
    cause = errno;
    close(directory);
    errno = cause;
    return length == 0 ? 0 : SP_GETDENTS;
}

enum sp_call sp_drop_others(const struct sp_plan *plan, const int32_t also[2], uint32_t first, int at_exec)
{
    uint32_t from = first;
    uint32_t next;
    int32_t at = 0;

    do {
        next = next_kept(plan, also, from, &at);
        if (next > from && syscall(SYS_close_range, from, next - 1, at_exec ? AT_EXEC : 0u) == -1)
            return drop_listed(plan, also, first, at_exec);
        from = next + 1;
    } while (next != NONE);
    return 0;
}
