/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_PROCTEXT_H
#define STANDPIPE_PROCTEXT_H

#include <stddef.h>
#include <stdint.h>

/* A field of /proc/PID/stat, counted from the state, which is the first one behind the name. */
#define SP_PARENT_FIELD 1

/* Reads a file of /proc as text; returns its length, or -errno. */
int sp_read_text(const char *path, char *text, size_t size);

/* Appends text, or a number that is not negative, to a path; returns the new end. */
char *sp_append(char *end, const char *text);
char *sp_append_number(char *end, int32_t number);

/* Returns the number that text begins with; 0 if it begins with no digit. */
long sp_parse_number(const char *digits);

/* Writes /proc/PID/NAME, or /proc/PID/task/TID/NAME. */
void sp_process_path(char *path, int32_t pid, const char *name);
void sp_thread_path(char *path, int32_t pid, int32_t tid, const char *name);

/*
 * Reads a stat file. Returns 0 and the fields from the state on, or no fields (NULL) if the process or thread is gone; or -errno.
 */
int sp_read_stat(const char *path, char *text, size_t size, const char **fields);
long sp_stat_field(const char *fields, int index);

/* Returns the state of a thread: a letter, 0 if it is gone, or '?' if it cannot be read. */
char sp_thread_state(int32_t pid, int32_t tid);

/* Called for each numeric entry of a directory of /proc; the iteration ends at the first result other than 0. */
typedef int (*sp_number_visitor)(int32_t number, void *context);
int sp_each_number(const char *path, sp_number_visitor visitor, void *context);

#endif
