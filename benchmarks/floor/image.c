/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An image with as much in it as Standpipe's has: 256 bytes of headers for each pipe, and payload that begins at a
 * page. Headers are gathered, and written before a payload or when the buffer is full.
 */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STAGE_SLOTS (STAGE_BYTES / PAGE_BYTES)

int header_bytes(const struct set *set)
{
    return set->bytes < PAGE_BYTES ? HEADER_BYTES : PAGE_BYTES;
}

off_t payload_offset(const struct set *set, int pipe)
{
    return (off_t)pipe * (header_bytes(set) + set->bytes) + header_bytes(set);
}

off_t image_bytes(const struct set *set)
{
    return (off_t)set->pipes * (header_bytes(set) + set->bytes);
}

static void write_at(int file, const char *bytes, size_t length, off_t offset)
{
    expect("pwrite", pwrite(file, bytes, length, offset), (long long)length);
}

static void splice_at(int clone, int file, off_t offset, int length)
{
    off64_t at = offset;
    int left;
    ssize_t moved;

    for (left = length; left > 0; left -= (int)moved) {
        moved = splice(clone, NULL, file, &at, (size_t)left, 0);
        if (moved <= 0)
            fail("splice");
    }
}

static void write_full_pipes(int file, const struct set *set, const struct ends *pipes)
{
    const struct ends clone = make_pipe(set->bytes);
    const int length = header_bytes(set);
    char header[PAGE_BYTES];
    int i;

    memset(header, 1, sizeof header);
    for (i = 0; i < set->pipes; i++) {
        const off_t offset = payload_offset(set, i);

        expect("tee", tee(pipes[i].read, clone.write, INT_MAX, SPLICE_F_NONBLOCK), set->bytes);
        write_at(file, header, (size_t)length, offset - length);
        splice_at(clone.read, file, offset, set->bytes);
    }
    close_pipe(clone);
}

static int slots_each(const struct set *set)
{
    return 1 + (set->bytes + PAGE_BYTES - 1) / PAGE_BYTES;
}

/* Headers are written, and payloads cloned, into one large pipe, which goes to the file when it is full. */
static void write_staged_pipes(int file, const struct set *set, const struct ends *pipes)
{
    const struct ends stage = make_pipe(STAGE_BYTES);
    const int most = STAGE_SLOTS / slots_each(set);
    const int length = header_bytes(set);
    char header[PAGE_BYTES];
    off_t offset = 0;
    int staged = 0;
    int i;

    memset(header, 1, sizeof header);
    for (i = 0; i < set->pipes; i++) {
        expect("write", write(stage.write, header, (size_t)length), length);
        expect("tee", tee(pipes[i].read, stage.write, INT_MAX, SPLICE_F_NONBLOCK), set->bytes);
        staged++;
        if (staged == most || i == set->pipes - 1) {
            splice_at(stage.read, file, offset, staged * (length + set->bytes));
            offset += (off_t)staged * (length + set->bytes);
            staged = 0;
        }
    }
    close_pipe(stage);
}

static void write_empty_pipes(int file, const struct set *set, const struct ends *pipes)
{
    const struct ends clone = make_pipe(0);
    char gathered[GATHERED_BYTES];
    size_t length = 0;
    off_t offset = 0;
    int i;

    for (i = 0; i < set->pipes; i++) {
        expect("tee of an empty pipe", tee(pipes[i].read, clone.write, INT_MAX, SPLICE_F_NONBLOCK) + 1, 0);
        memset(gathered + length, 1, HEADER_BYTES);
        length += HEADER_BYTES;
        if (length == sizeof gathered || i == set->pipes - 1) {
            write_at(file, gathered, length, offset);
            offset += (off_t)length;
            length = 0;
        }
    }
    close_pipe(clone);
}

void write_image(int folder, const char *name, const struct set *set, const struct ends *pipes, int staged)
{
    char temporary[32];
    int file;

    snprintf(temporary, sizeof temporary, "%s.tmp", name);
    file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file == -1)
        fail("openat");
    if (fallocate(file, 0, 0, image_bytes(set)) == -1)
        fail("fallocate");
    if (set->bytes == 0)
        write_empty_pipes(file, set, pipes);
    else if (staged && slots_each(set) <= STAGE_SLOTS)
        write_staged_pipes(file, set, pipes);
    else
        write_full_pipes(file, set, pipes);
    if (fdatasync(file) == -1)
        fail("fdatasync");
    if (renameat(folder, temporary, folder, name) == -1)
        fail("renameat");
    close(file);
}
