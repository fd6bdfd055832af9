/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint of this process's own pipes to a new file. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEADER_BYTES 256              /* about as long as Standpipe's records of a pipe */
#define GATHERED_BYTES (4 * PAGE_BYTES) /* headers of empty pipes that are written together */
#define STAGE_BYTES 1048576           /* the capacity that a user without privileges may give to a pipe */
#define STAGE_SLOTS (STAGE_BYTES / PAGE_BYTES)

static const char IMAGE[] = "floor.image";

static struct set set;
static int directory;
static struct ends *pipes;

static int header_bytes(const struct set *set)
{
    return set->bytes < PAGE_BYTES ? HEADER_BYTES : PAGE_BYTES;
}

off_t payload_offset(const struct set *set, int pipe)
{
    return (off_t)pipe * (header_bytes(set) + set->bytes) + header_bytes(set);
}

static off_t image_bytes(const struct set *set)
{
    return (off_t)set->pipes * (header_bytes(set) + set->bytes);
}

/* Splices to the file and has the kernel begin to write these bytes to the medium. */
static void splice_at(int pipe, int file, off_t offset, int length)
{
    off64_t at = offset;
    int left;
    ssize_t moved;

    for (left = length; left > 0; left -= (int)moved) {
        moved = splice(pipe, NULL, file, &at, (size_t)left, 0);
        if (moved <= 0)
            fail("splice");
    }
    sync_file_range(file, offset, length, SYNC_FILE_RANGE_WRITE);
}

static int slots_each(const struct set *set)
{
    return 1 + (set->bytes + PAGE_BYTES - 1) / PAGE_BYTES;
}

/* Puts headers and clones one behind the other into a large pipe, which is spliced to the file when it is full. */
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

/* Where a single payload is too long for that, or there is one pipe only: each by itself. */
static void write_each_pipe(int file, const struct set *set, const struct ends *pipes)
{
    const struct ends clone = make_pipe(set->bytes);
    const int length = header_bytes(set);
    char header[PAGE_BYTES];
    int i;

    memset(header, 1, sizeof header);
    for (i = 0; i < set->pipes; i++) {
        const off_t offset = payload_offset(set, i);

        expect("tee", tee(pipes[i].read, clone.write, INT_MAX, SPLICE_F_NONBLOCK), set->bytes);
        expect("pwrite", pwrite(file, header, (size_t)length, offset - length), length);
        splice_at(clone.read, file, offset, set->bytes);
    }
    close_pipe(clone);
}

static void write_empty_pipes(int file, const struct set *set, const struct ends *pipes)
{
    const struct ends clone = make_pipe(0);
    char gathered[GATHERED_BYTES];
    size_t length = 0;
    off_t offset = 0;
    int i;

    memset(gathered, 1, sizeof gathered);
    for (i = 0; i < set->pipes; i++) {
        expect("tee of an empty pipe", tee(pipes[i].read, clone.write, INT_MAX, SPLICE_F_NONBLOCK) + 1, 0);
        length += HEADER_BYTES;
        if (length == sizeof gathered || i == set->pipes - 1) {
            expect("pwrite", pwrite(file, gathered, length, offset), (long long)length);
            offset += (off_t)length;
            length = 0;
        }
    }
    close_pipe(clone);
}

void write_image(int directory, const char *name, const struct set *set, const struct ends *pipes, int synced)
{
    char temporary[32];
    int file;

    snprintf(temporary, sizeof temporary, "%s.tmp", name);
    file = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file == -1)
        fail("openat");
    if (fallocate(file, 0, 0, image_bytes(set)) == -1)
        fail("fallocate");
    if (set->bytes == 0)
        write_empty_pipes(file, set, pipes);
    else if (set->pipes > 1 && slots_each(set) <= STAGE_SLOTS)
        write_staged_pipes(file, set, pipes);
    else
        write_each_pipe(file, set, pipes);
    if (synced && fdatasync(file) == -1)
        fail("fdatasync");
    if (renameat(directory, temporary, directory, name) == -1)
        fail("renameat");
    close(file);
}

static void prepare(const struct options *options)
{
    set = options->set;
    directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory == -1)
        fail("open of the directory");
    pipes = make_filled(&set);
}

static uint64_t sample(void)
{
    uint64_t start;
    uint64_t nanos;

    start = now_nanos();
    write_image(directory, IMAGE, &set, pipes, 1);
    if (fsync(directory) == -1)
        fail("fsync of the directory");
    nanos = now_nanos() - start;
    unlinkat(directory, IMAGE, 0);
    return nanos;
}

static void finish(void)
{
    close(directory);
    close_all(pipes, set.pipes);
}

const struct workload checkpoint_workload = {"checkpoint", 4, prepare, sample, finish};
