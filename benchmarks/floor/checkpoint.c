/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint of this process's own pipes, to a file: to a new name each time, or over the file of the last time. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <unistd.h>

static const char IMAGE[] = "floor.image";

static struct options chosen;
static struct ends *pipes;

static void prepare(const struct options *options)
{
    chosen = *options;
    pipes = make_filled(&chosen.set);
}

static void save(int staged)
{
    const int folder = open(chosen.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder == -1)
        fail("open of the folder");
    write_image(folder, IMAGE, &chosen.set, pipes, staged);
    if (chosen.sync_folder && fsync(folder) == -1)
        fail("fsync of the folder");
    close(folder);
}

static void remove_image(void)
{
    const int folder = open(chosen.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    unlinkat(folder, IMAGE, 0);
    close(folder);
}

static uint64_t timed_save(int staged)
{
    const uint64_t start = now_nanos();

    save(staged);
    return now_nanos() - start;
}

static uint64_t sample_again(void)
{
    return timed_save(0);
}

static uint64_t sample_new(void)
{
    remove_image();
    return timed_save(0);
}

static uint64_t sample_staged(void)
{
    remove_image();
    return timed_save(1);
}

static void finish(void)
{
    remove_image();
    close_all(pipes, chosen.set.pipes);
}

const struct workload checkpoint_workload = {"checkpoint", prepare, sample_new, finish};
const struct workload checkpoint_again_workload = {"checkpoint-again", prepare, sample_again, finish};
const struct workload checkpoint_staged_workload = {"checkpoint-staged", prepare, sample_staged, finish};
