/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint of another process's pipes to a new file, which is not synced: copies of its read ends, the window, the image. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <unistd.h>

static const char IMAGE[] = "floor.image";

static struct set set;
static struct target target;
static int directory;

static void prepare(const struct options *options)
{
    set = options->set;
    target = (struct target){.set = &set, .pid = options->holder};
    find_threads(&target);
    directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory == -1)
        fail("open of the directory");
}

static uint64_t sample(void)
{
    uint64_t start;
    uint64_t nanos;

    start = now_nanos();
    open_pipes(&target);
    capture(&target);
    write_image(directory, IMAGE, &set, target.clones, 0);
    close_pipes(&target);
    nanos = now_nanos() - start;
    unlinkat(directory, IMAGE, 0);
    return nanos;
}

static void finish(void)
{
    close(directory);
}

const struct workload process_workload = {"process", 5, prepare, sample, finish};
