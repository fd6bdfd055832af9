/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin of CRIU's, for dumps of pipes in packet mode, which CRIU refuses: it lets the program that has started CRIU clear O_DIRECT
 * while nobody runs, and set it again before anybody does, also when the dump fails. An action script of CRIU's is called neither
 * between freezing and dumping nor after a failure.
 *
 * It needs no library of its own: what it calls is in the C library that CRIU has loaded. What it needs is in the environment:
 *   STANDPIPE_STAGES   the path of a pipe that gets the name of each stage, as a line
 *   STANDPIPE_ANSWERS  the path of a pipe from which a line comes back: 0 to go on
 * If the program is gone, the paths lead nowhere, or the answers are at their end; then the dump fails.
 */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* What CRIU looks for in a plugin, in version 0.2 of its interface: how it begins and ends, and the hooks, of which it has these first ones. */
#define VERSION 0x200
#define FROZEN 11 /* called for each process when all are frozen and no file is dumped; since CRIU 4.0 */
#define HOOKS 12
#define STAGE_DUMP 0

struct plugin {
    const char *name;
    int (*begin)(int stage);
    void (*end)(int stage, int result);
    unsigned int version;
    unsigned int hooks_count;
    void *hooks[HOOKS];
};

/* Whether the processes are frozen, and the program knows. */
static int frozen;

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
        return 0;
    frozen = 1;
    return report(line, sizeof line - 1);
}

static void end(int stage, int result)
{
    static const char line[] = "thawing\n";

    (void)result;
    if (stage == STAGE_DUMP && frozen)
        (void)report(line, sizeof line - 1);
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
