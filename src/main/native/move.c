/* SPDX-License-Identifier: Apache-2.0 */
/* Fds that a command does not get. */
#define _GNU_SOURCE
#include "move.h"
#include "syscall.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#define AT_EXEC 4u /* CLOSE_RANGE_CLOEXEC, Linux 5.11 */

#define NONE UINT32_MAX

/* Returns the lowest kept fd from `first` on, or NONE. `at` is the index of the first move that may matter, and moves on. */
static uint32_t next_kept(const struct sp_kept *kept, uint32_t first, int32_t *at)
{
    uint32_t next = NONE;
    int i;

    while (*at < kept->moves_count && (uint32_t)kept->moves[*at].to < first)
        (*at)++;
    if (*at < kept->moves_count)
        next = (uint32_t)kept->moves[*at].to;
    for (i = 0; i < 2; i++) {
        const uint32_t also = (uint32_t)kept->also[i];

        if (also >= first && also < next)
            next = also;
    }
    return next;
}

static int is_kept(const struct sp_kept *kept, uint32_t fd)
{
    int32_t low = 0;
    int32_t high = kept->moves_count;

    if (fd == (uint32_t)kept->also[0] || fd == (uint32_t)kept->also[1])
        return 1;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;

        if ((uint32_t)kept->moves[middle].to < fd)
            low = middle + 1;
        else
            high = middle;
    }
    return low < kept->moves_count && (uint32_t)kept->moves[low].to == fd;
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
static enum sp_call drop_listed(const struct sp_kept *kept, uint32_t first, int at_exec)
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

            if (fd >= first && fd != NONE && fd != (uint32_t)directory && !is_kept(kept, fd)) {
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

enum sp_call sp_drop_others(const struct sp_kept *kept, uint32_t first, int at_exec)
{
    uint32_t from = first;
    uint32_t next;
    int32_t at = 0;

    do {
        next = next_kept(kept, from, &at);
        if (next > from && syscall(SYS_close_range, from, next - 1, at_exec ? AT_EXEC : 0u) == -1)
            return drop_listed(kept, first, at_exec);
        from = next + 1;
    } while (next != NONE);
    return 0;
}
