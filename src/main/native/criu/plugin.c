/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin of CRIU's, for dumps of pipes in packet mode, which CRIU refuses: it clears O_DIRECT while nobody runs, and sets it again
 * before anybody does, also when the dump fails or the program that has started CRIU is killed. An action script of CRIU's is called
 * neither between freezing and dumping nor after a failure.
 *
 * It needs no library of its own: what it calls is in the C library that CRIU has loaded. What it needs is in the environment:
 *   STANDPIPE_STAGES   the path of a pipe that gets the name of the stage, as a line
 *   STANDPIPE_ANSWERS  the path of a pipe from which a line comes back: 0 to go on
 *   STANDPIPE_PACKETS  the path of a file that has a line for each fd of a pipe in packet mode then: a pid and the fd
 * If the program is gone, the first paths lead nowhere, or the answers are at their end; then the dump fails.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What CRIU looks for in a plugin, in version 0.2 of its interface: how it begins and ends, and the hooks, of which it has these first ones. */
#define VERSION 0x200
#define FROZEN 11 /* called for each process when all are frozen and no file is dumped; since CRIU 4.0 */
#define HOOKS 12
#define STAGE_DUMP 0
#define NOT_HANDLED (-ENOTSUP) /* CRIU calls the hook of the next plugin, such as that of a GPU. After 0 it does not. */

struct plugin {
    const char *name;
    int (*begin)(int stage);
    void (*end)(int stage, int result);
    unsigned int version;
    unsigned int hooks_count;
    void *hooks[HOOKS];
};

struct holder {
    int pid;
    int fd;
};

/* Whether the processes are frozen, and the program knows. */
static int frozen;

/* Where packet mode is off. No fd of a pipe is kept meanwhile: this process would look like another holder of its ends. */
static struct holder *off;
static size_t off_count;

/* Sets or clears O_DIRECT. Returns 0, or -1 if that was not possible. */
static int set_packet_mode(const struct holder *holder, int on)
{
    int pidfd = (int)syscall(SYS_pidfd_open, holder->pid, 0);
    int fd = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, holder->fd, 0);
    int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    int result = flags < 0 ? -1 : fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT);

    if (fd >= 0)
        (void)close(fd);
    if (pidfd >= 0)
        (void)close(pidfd);
    return result;
}

/* Reads where packet mode is on. Returns 0, or -1 if that was not possible. */
static int read_holders(void)
{
    const char *path = getenv("STANDPIPE_PACKETS");
    FILE *file = path == NULL ? NULL : fopen(path, "re");
    struct holder next;
    int result = 0;

    if (file == NULL)
        return -1;
    while (result == 0 && fscanf(file, "%d %d", &next.pid, &next.fd) == 2) {
        struct holder *more = realloc(off, (off_count + 1) * sizeof *off);

        if (more == NULL) {
            result = -1;
        } else {
            off = more;
            off[off_count++] = next;
        }
    }
    if (!feof(file))
        result = -1;
    (void)fclose(file);
    return result;
}

/* Clears O_DIRECT of each. Those that share an open file description clear it more than once, and set it so. */
static int turn_off(void)
{
    size_t all;

    if (read_holders() < 0) {
        off_count = 0;
        return -1;
    }
    all = off_count;
    for (off_count = 0; off_count < all; off_count++) {
        if (set_packet_mode(&off[off_count], 0) < 0)
            return -1;
    }
    return 0;
}

/* Sets O_DIRECT where it was cleared. */
static void turn_on(void)
{
    while (off_count > 0)
        (void)set_packet_mode(&off[--off_count], 1);
}

/* Returns 0 if the answer is to go on. */
static int answer(void)
{
    const char *path = getenv("STANDPIPE_ANSWERS");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    char first = '1';
    char next = '\0';

    if (fd < 0)
        return -1;
    if (read(fd, &first, 1) == 1) {
        while (next != '\n' && read(fd, &next, 1) == 1)
            continue;
    }
    (void)close(fd);
    return first == '0' ? 0 : -1;
}

/* Reports a stage, and waits for the answer. Returns 0 if that is to go on. */
static int report(const char *line, size_t length)
{
    const char *path = getenv("STANDPIPE_STAGES");
    int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CLOEXEC);
    ssize_t written;

    if (fd < 0)
        return -1;
    written = write(fd, line, length);
    (void)close(fd);
    return written == (ssize_t)length ? answer() : -1;
}

static int begin(int stage)
{
    (void)stage;
    return 0;
}

static int each_frozen(int pid)
{
    static const char line[] = "frozen\n";

    (void)pid;
    if (frozen)
        return NOT_HANDLED;
    frozen = 1;
    return report(line, sizeof line - 1) < 0 || turn_off() < 0 ? -1 : NOT_HANDLED;
}

static void end(int stage, int result)
{
    (void)result;
    if (stage == STAGE_DUMP)
        turn_on();
}

/* The name that CRIU looks up. */
extern struct plugin CR_PLUGIN_DESC;
__attribute__((visibility("default"))) struct plugin CR_PLUGIN_DESC = {
    .name = "standpipe",
    .begin = begin,
    .end = end,
    .version = VERSION,
    .hooks_count = HOOKS,
    .hooks[FROZEN] = (void *)each_frozen,
};
