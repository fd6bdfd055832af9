/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same calls: a restore from an image in the page cache. Mirrors ImageInput and RecordCursor (the whole image is
 * checked, its payload left out), RestoringPipe, PipeContents, Inode, and RestoredPipes.close, which is timed or not.
 */
#define _GNU_SOURCE
#include "same.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char IMAGE[] = "same.image";

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

static off_t least(off_t a, off_t b)
{
    return a < b ? a : b;
}

/* ImageInput.open: what it is, before anything is opened that could block or wake somebody. */
static int open_image(void)
{
    const int found = openat(folder, IMAGE, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    char path[32];
    int file;

    if (found == -1)
        fail("openat");
    look(found);
    snprintf(path, sizeof path, "/proc/self/fd/%d", found);
    file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file == -1)
        fail("open through /proc/self/fd");
    close(found);
    return file;
}

/* RecordCursor: from the first header that has not been read to the end of its page, again and again. */
static void check_image(int file)
{
    const off_t last = image_bytes(&set);
    char window[2 * PAGE_BYTES];
    off_t read_to = 0;
    int i;

    for (i = 0; i < set.pipes; i++) {
        const off_t end = payload_offset(&set, i);
        const off_t start = end - header_bytes(&set);

        if (end > read_to) {
            read_to = least((end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES, last);
            expect("pread", pread(file, window, (size_t)(read_to - start), start), read_to - start);
        }
    }
    if (pread(file, window, LAST_BYTES, last) == -1)
        fail("pread");
}

static void put_pages(int file, off_t offset, int pipe, int bytes)
{
    off64_t at = offset;
    int left;
    ssize_t moved;

    for (left = bytes; left > 0; left -= (int)moved) {
        moved = splice(file, &at, pipe, NULL, (size_t)left, SPLICE_F_NONBLOCK);
        if (moved <= 0)
            fail("splice");
    }
}

/* PipeContents: whole pages by splice, the rest by write. */
static void put_contents(int file, off_t offset, int pipe)
{
    const int rest = set.bytes % PAGE_BYTES;
    char bytes[PAGE_BYTES];

    put_pages(file, offset, pipe, set.bytes - rest);
    if (rest > 0) {
        expect("pread", pread(file, bytes, (size_t)rest, offset + set.bytes - rest), rest);
        expect("write", write(pipe, bytes, (size_t)rest), rest);
    }
}

/* RestoringPipe and Capacity: what fills a new pipe shows that it has the usual capacity. */
static struct ends restore_pipe(int file, off_t offset)
{
    const struct ends ends = make_pipe(0);

    if (set.bytes != DEFAULT_CAPACITY_BYTES) {
        const int capacity = fcntl(ends.write, F_GETPIPE_SZ);

        if (capacity < set.bytes && fcntl(ends.write, F_SETPIPE_SZ, set.bytes) == -1)
            fail("fcntl(F_SETPIPE_SZ)");
    }
    put_contents(file, offset, ends.write);
    return ends;
}

static void restore(void)
{
    const int file = open_image();
    int i;

    check_image(file);
    for (i = 0; i < set.pipes; i++)
        made[i] = restore_pipe(file, payload_offset(&set, i));
    look(made[0].read);
    close(file);
}

/* Fd.closeAll: numbers that follow one another are closed by one call. */
static void close_made(void)
{
    int i = 0;

    while (i < set.pipes) {
        const int first = made[i].read;

        while (i + 1 < set.pipes && made[i].write + 1 == made[i + 1].read)
            i++;
        if (syscall(SYS_close_range, first, made[i].write, 0) == -1)
            fail("close_range");
        i++;
    }
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

const struct workload same_restore_workload = {"same-restore", prepare, sample, finish};
const struct workload same_restore_close_workload = {"same-restore-close", prepare, sample_closing, finish};
