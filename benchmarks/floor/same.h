/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same calls: what Standpipe asks of the kernel when it saves and restores pipes of its own process, call by call
 * and in the same order - and nothing else. No record is encoded, nothing is compared, no digest is kept, and no
 * answer matters.
 *
 * Each function mirrors one step of Standpipe's, which its comment names; where Standpipe changes a step, the function
 * is to change with it. "run.sh calls" counts the calls of both and says where they differ.
 */
#ifndef SAME_H
#define SAME_H

#include "floor.h"

#define LAST_BYTES 192 /* of the records behind the last payload */

/* PipeClone: a pipe that is made anew when it turns out smaller than what is cloned into it. */
struct clone {
    struct ends ends;
    int capacity;
    int source_capacity; /* of the pipe taken last */
};

void open_clone(struct clone *clone);
void close_clone(struct clone *clone);
/* PipeClone.take: all that is in a pipe. */
void take(struct clone *clone, int source);
/* PipeClone.takeFrom: the same of a clone, whose capacity is known. */
void take_from(struct clone *clone, const struct clone *source);

/* Stat.read: the call itself, where the C library would make another one. */
void look(int fd);
/* OwnProcess: whose child the process is, and which groups it is in. */
void ask_of_process(void);
/* Collector and SavedDescription: a copy of a descriptor, and what is asked of both. */
int collect(int number);
/* PipeFileSystem.has: whether that is an anonymous pipe. Asked of the first one; the others are on the same device. */
void ask_of_file_system(int copy);
/* CheckpointWriter.heading: which kernel this is. */
void ask_of_kernel(void);

/* ImageBody: what goes to a file, from its beginning to its end. */
void open_body(int image_file);
void body_write(const char *bytes, int length);
void body_splice(int clone, int length);
void finish_body(void);
void close_body(void);

/* SlotProbe: how the bytes of a clone lie in their slots. */
void open_probe(void);
void close_probe(void);
void probe(const struct clone *clone, int bytes);

#endif
