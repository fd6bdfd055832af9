/* SPDX-License-Identifier: Apache-2.0 */
/* A restore from an image in the page cache: whole pages by splice, the rest by write; with closing what was restored or without. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <unistd.h>

static const char IMAGE[] = "floor.image";

static struct set set;
static int folder;
static struct ends *made;

static void prepare(const struct options *options)
{
    struct ends *pipes;

    set = options->set;
    folder = open(options->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder == -1)
        fail("open of the folder");
    pipes = make_filled(&set);
    write_image(folder, IMAGE, &set, pipes, 0);
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

static void write_tail(int file, off_t offset, int pipe, int length)
{
    char bytes[PAGE_BYTES];

    expect("pread", pread(file, bytes, (size_t)length, offset), length);
    expect("write", write(pipe, bytes, (size_t)length), length);
}

static void fill(int pipe, int file, off_t offset)
{
    const int tail = set.bytes % PAGE_BYTES;

    splice_pages(file, offset, pipe, set.bytes - tail);
    if (tail > 0)
        write_tail(file, offset + set.bytes - tail, pipe, tail);
}

static void restore(void)
{
    const int file = openat(folder, IMAGE, O_RDONLY | O_CLOEXEC);
    int i;

    if (file == -1)
        fail("openat");
    for (i = 0; i < set.pipes; i++) {
        made[i] = make_pipe(set.bytes);
        fill(made[i].write, file, payload_offset(&set, i));
    }
    close(file);
}

static void close_made(void)
{
    int i;

    for (i = 0; i < set.pipes; i++)
        close_pipe(made[i]);
}

static uint64_t sample(void)
{
    return time_restore(restore, close_made, 0);
}

static uint64_t sample_closing(void)
{
    return time_restore(restore, close_made, 1);
}

static void finish(void)
{
    unlinkat(folder, IMAGE, 0);
    close(folder);
}

const struct workload restore_workload = {"restore", prepare, sample, finish};
const struct workload restore_close_workload = {"restore-close", prepare, sample_closing, finish};
