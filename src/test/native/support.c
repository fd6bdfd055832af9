/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests have in common. What fails here is no property of the shim: the program ends. */
#define _GNU_SOURCE
#include "support.h"
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char directory_path[64];

static volatile int shared;

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "cannot test: %s: %s\n", what, strerror(errno));
    exit(2);
}

struct pipe_ends open_pipe(void)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) == -1)
        give_up("pipe2");
    return (struct pipe_ends){.read = ends[0], .write = ends[1]};
}

void close_pipe(struct pipe_ends ends)
{
    close(ends.read);
    close(ends.write);
}

void put(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        give_up("write");
}

int gives(int fd, const char *text)
{
    char found[256] = {0};
    const ssize_t length = read(fd, found, sizeof found - 1);

    return length == (ssize_t)strlen(text) && memcmp(found, text, strlen(text)) == 0;
}

int flags_of(int fd)
{
    const int large_file = O_DIRECT << 1; /* on x86-64 and arm64; the C library's has the value 0 */

    return fcntl(fd, F_GETFL) & ~large_file;
}

int queued(int fd)
{
    int bytes = 0;

    if (ioctl(fd, FIONREAD, &bytes) == -1)
        give_up("FIONREAD");
    return bytes;
}

/* Of a name that mkostemp makes up and nobody else has, and that is gone at once. */
int open_file(const char *text)
{
    char path[] = "/tmp/standpipe-test-XXXXXX";
    const int fd = mkostemp(path, O_CLOEXEC);

    if (fd == -1 || unlink(path) == -1)
        give_up(path);
    put(fd, text);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Of a name that mkdtemp makes up and nobody else has. */
int open_directory(void)
{
    int fd;

    strcpy(directory_path, "/tmp/standpipe-test-XXXXXX");
    if (mkdtemp(directory_path) == NULL)
        give_up("mkdtemp");
    fd = open(directory_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1)
        give_up(directory_path);
    return fd;
}

void remove_directory(int fd_directory)
{
    DIR *directory = fdopendir(fd_directory);
    const struct dirent *entry;

    if (directory == NULL)
        give_up("fdopendir");
    while ((entry = readdir(directory)) != NULL) {
        if (unlinkat(fd_directory, entry->d_name, 0) == -1)
            unlinkat(fd_directory, entry->d_name, AT_REMOVEDIR);
    }
    closedir(directory);
    if (rmdir(directory_path) == -1)
        give_up(directory_path);
}

void make_link(int fd_directory, const char *target)
{
    if (symlinkat(target, fd_directory, "link") == -1)
        give_up("symlinkat");
}

int64_t bad_address(void)
{
    static void *nothing;

    if (nothing == NULL)
        nothing = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (nothing == MAP_FAILED)
        give_up("mmap");
    return ADDRESS(nothing);
}

pid_t start_sleeper(void)
{
    const pid_t child = fork();

    if (child == -1)
        give_up("fork");
    while (child == 0)
        pause();
    return child;
}

void end_child(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static char state_of(pid_t pid)
{
    char text[512] = {0};
    const char *name_end;
    FILE *file;

    snprintf(text, sizeof text, "/proc/%d/stat", (int)pid);
    file = fopen(text, "re");
    if (file == NULL)
        return '-';
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    name_end = strrchr(text, ')');
    return name_end == NULL || name_end[1] == '\0' ? '-' : name_end[2];
}

static int write_to_memory(void *unused)
{
    (void)unused;
    shared = 1;
    return 0;
}

int has_shared_memory(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    pid_t child;

    if (shared || !are_bad_addresses_allowed())
        return shared;
    child = clone(write_to_memory, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    if (child == -1)
        give_up("clone");
    waitpid(child, NULL, 0);
    return shared;
}

void await_state(pid_t pid, const char *any_of)
{
    const struct timespec pause = {.tv_sec = 0, .tv_nsec = 1000000};

    while (strchr(any_of, state_of(pid)) == NULL)
        nanosleep(&pause, NULL);
}

int status_of(pid_t child)
{
    int status = 0;

    if (waitpid(child, &status, 0) == -1)
        give_up("waitpid");
    return status;
}

int open_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int count = 0;

    if (directory == NULL)
        give_up("/proc/self/fd");
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}
