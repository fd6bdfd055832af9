/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls: ImageBody with its Stage. What goes to a file waits in a pipe of a megabyte for one large write. */
#define _GNU_SOURCE
#include "same.h"

#include <fcntl.h>
#include <unistd.h>

#define RESERVED_FROM_BYTES 131072
#define DIRECT_FROM_BYTES (STAGE_BYTES / 2)
#define STARTED_FROM_BYTES (STAGE_BYTES / 2)

static int file;
static off_t file_bytes;
static off_t started_bytes;
static int has_payload;
static int wants_stage;
static struct ends stage; /* -1 if there is none */
static int staged_bytes;

void open_body(int image_file)
{
    file = image_file;
    file_bytes = 0;
    started_bytes = 0;
    has_payload = 0;
    wants_stage = 1;
    stage.read = -1;
    staged_bytes = 0;
}

/* Stage.open */
static void open_stage(void)
{
    wants_stage = 0;
    stage = make_pipe(STAGE_BYTES);
    fcntl(stage.write, F_SETFL, O_NONBLOCK);
}

/* ImageBody.startSync */
static void start_sync(void)
{
    const off_t whole = file_bytes - file_bytes % PAGE_BYTES;

    if (whole - started_bytes >= STARTED_FROM_BYTES) {
        if (sync_file_range(file, started_bytes, whole - started_bytes, SYNC_FILE_RANGE_WRITE) == -1)
            fail("sync_file_range");
        started_bytes = whole;
    }
}

/* ImageBody.toFile */
static void to_file(int pipe, int bytes)
{
    off64_t at = file_bytes;
    ssize_t moved;
    int left;

    if (bytes >= RESERVED_FROM_BYTES && fallocate(file, 0, file_bytes, bytes) == -1)
        fail("fallocate");
    for (left = bytes; left > 0; left -= (int)moved) {
        moved = splice(pipe, NULL, file, &at, (size_t)left, SPLICE_F_NONBLOCK);
        if (moved <= 0)
            fail("splice");
    }
    file_bytes += bytes;
    start_sync();
}

static void drain_stage(void)
{
    if (staged_bytes > 0)
        to_file(stage.read, staged_bytes);
    staged_bytes = 0;
}

/* ImageBody.write */
void body_write(const char *bytes, int length)
{
    ssize_t taken;

    if (stage.read == -1) {
        expect("pwrite", pwrite(file, bytes, (size_t)length, file_bytes), length);
        file_bytes += length;
        return;
    }
    while (length > 0) {
        taken = write(stage.write, bytes, (size_t)length);
        if (taken <= 0) {
            drain_stage();
            continue;
        }
        staged_bytes += (int)taken;
        bytes += taken;
        length -= (int)taken;
    }
}

/* ImageBody.splice */
void body_splice(int clone, int length)
{
    ssize_t taken;

    if (length < DIRECT_FROM_BYTES && has_payload && wants_stage)
        open_stage();
    if (length >= DIRECT_FROM_BYTES || stage.read == -1) {
        drain_stage();
        to_file(clone, length);
        has_payload = 1;
        return;
    }
    while (length > 0) {
        taken = splice(clone, NULL, stage.write, NULL, (size_t)length, SPLICE_F_NONBLOCK);
        if (taken <= 0) {
            drain_stage();
            continue;
        }
        staged_bytes += (int)taken;
        length -= (int)taken;
    }
}

void finish_body(void)
{
    drain_stage();
}

void close_body(void)
{
    if (stage.read != -1)
        close_pipe(stage);
}
