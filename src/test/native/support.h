/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_SUPPORT_H
#define STANDPIPE_SUPPORT_H

#include "move.h"

#include <stdint.h>
#include <sys/types.h>

#define BAD_FD (-1)

/* A pointer as Java passes it: an address in an int64_t. */
#define ADDRESS(pointer) ((int64_t)(uintptr_t)(pointer))

/* A command that gets nothing but fds. */
__attribute__((unused)) static const struct sp_settings no_settings = {.groups_count = -1, .fd_directory = -1, .file_mask = -1, .fd_limit = -1};

struct pipe_ends {
    int read;
    int write;
};

struct pipe_ends open_pipe(void);
void close_pipe(struct pipe_ends ends);
void put(int fd, const char *text);

/* Whether a read gives just this text. */
int gives(int fd, const char *text);

/* Returns the flags of F_GETFL without O_LARGEFILE, which an emulator of a 64-bit machine may set for every file. */
int flags_of(int fd);

/* How many bytes are queued in a pipe. */
int queued(int fd);

/* A file of some bytes that has no name, at its beginning. */
int open_file(const char *text);

/* A new directory, for which a descriptor is returned; the path is forgotten with the directory's contents at the end. */
int open_directory(void);
void remove_directory(int fd_directory);

/* A symbolic link of the name "link". */
void make_link(int fd_directory, const char *target);

/* An address where there is no memory. */
int64_t bad_address(void);

/* A child that sleeps until it is killed. */
pid_t start_sleeper(void);
void end_child(pid_t child);

/* Whether a child can share memory with its parent, which memcheck and emulators do not have. */
int has_shared_memory(void);

/* The state letter in /proc/PID/stat, waited for. */
void await_state(pid_t pid, const char *any_of);

/* Waits for a child's end; the wait status. */
int status_of(pid_t child);

/* How many descriptors this process has open. */
int open_descriptors(void);

#endif
