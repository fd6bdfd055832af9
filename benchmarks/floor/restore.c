/* SPDX-License-Identifier: Apache-2.0 */
/* A restore from an image in the page cache, until all pipes are open: whole pages by splice, the rest by write. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <unistd.h>

static const char IMAGE[] = "floor.image";

static struct set set;
static int directory;
static struct ends *made;

static void prepare(const struct options *options)
{
    struct ends *pipes;

    set = options->set;
    directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory == -1)
        fail("open of the directory");
    pipes = make_filled(&set);
    write_image(directory, IMAGE, &set, pipes, 1);
    close_all(pipes, set.pipes);
    made = allocate((size_t)set.pipes, sizeof *made);
}

static void splice_pages(int file, off_t offset, int pipe, int length)
{
    off64_t at = offset;
    int left;
    ssize_t moved;

    for (left = length; left > 0; left -= (int)moved) {
        moved = splice(file, &at, pipe, NULL, (size_t)left, 0);
        if (moved <= 0)
            fail("splice");
    }
}

static void fill(int pipe, int file, off_t offset)
{
    const int tail = set.bytes % PAGE_BYTES;
    char bytes[PAGE_BYTES];

    splice_pages(file, offset, pipe, set.bytes - tail);
    if (tail > 0) {
        expect("pread", pread(file, bytes, (size_t)tail, offset + set.bytes - tail), tail);
        expect("write", write(pipe, bytes, (size_t)tail), tail);
    }
}

static void restore(void)
{
    const int file = openat(directory, IMAGE, O_RDONLY | O_CLOEXEC);
    int i;

    if (file == -1)
        fail("openat");
    for (i = 0; i < set.pipes; i++) {
        made[i] = make_pipe(set.bytes);
        fill(made[i].write, file, payload_offset(&set, i));
    }
    close(file);
}

static uint64_t sample(void)
{
    const uint64_t start = now_nanos();
    uint64_t nanos;
    int i;

    restore();
    nanos = now_nanos() - start;
    for (i = 0; i < set.pipes; i++)
        close_pipe(made[i]);
    return nanos;
}

static void finish(void)
{
    unlinkat(directory, IMAGE, 0);
    close(directory);
}

const struct workload restore_workload = {"restore", 4, prepare, sample, finish};
