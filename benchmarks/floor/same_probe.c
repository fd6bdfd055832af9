/* SPDX-License-Identifier: Apache-2.0 */
/* The same calls: cloning a pipe, and telling how its bytes lie in their slots. */
#define _GNU_SOURCE
#include "same.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define FEWEST_SLOTS 16
#define MOST_SLOTS 256

static struct clone second;

/* DenseProbe: a pipe of one slot, one with just so many slots free, and the ruler that these are counted out with. */
static struct {
    int opened;
    int nowhere;
    int slots; /* 0 if there is no ruler yet */
    struct ends last;
    struct ends pages;
    struct ends ruler;
} dense;

static void grow(struct ends ends, int bytes)
{
    if (fcntl(ends.write, F_SETPIPE_SZ, bytes) == -1)
        fail("fcntl(F_SETPIPE_SZ)");
}

void open_clone(struct clone *clone)
{
    clone->ends = make_pipe(0);
    clone->capacity = fcntl(clone->ends.write, F_GETPIPE_SZ);
}

void close_clone(struct clone *clone)
{
    if (clone->capacity > 0)
        close_pipe(clone->ends);
    clone->capacity = 0;
}

static void renew(struct clone *clone)
{
    close_clone(clone);
    open_clone(clone);
    if (clone->source_capacity <= clone->capacity)
        return;
    fcntl(clone->ends.write, F_GETPIPE_SZ);
    grow(clone->ends, clone->source_capacity);
    clone->capacity = clone->source_capacity;
}

void take(struct clone *clone, int source)
{
    if (clone->capacity == 0)
        open_clone(clone);
    for (;;) {
        tee(source, clone->ends.write, INT_MAX, SPLICE_F_NONBLOCK);
        clone->source_capacity = fcntl(source, F_GETPIPE_SZ);
        if (clone->source_capacity <= clone->capacity)
            return;
        renew(clone);
    }
}

void take_from(struct clone *clone, const struct clone *source)
{
    clone->source_capacity = source->source_capacity;
    if (clone->capacity < source->source_capacity)
        renew(clone);
    tee(source->ends.read, clone->ends.write, INT_MAX, SPLICE_F_NONBLOCK);
}

/* OverwritingRead: into one page, over and over. */
static void overwriting_read(int pipe, int bytes)
{
    static char page[PAGE_BYTES];
    struct iovec parts[1024];
    int count = 0;
    int left;

    for (left = bytes; left > 0; left -= PAGE_BYTES) {
        parts[count].iov_base = page;
        parts[count].iov_len = (size_t)(left < PAGE_BYTES ? left : PAGE_BYTES);
        count++;
    }
    expect("readv", readv(pipe, parts, count), bytes);
}

static int queued(int pipe)
{
    int bytes;

    if (ioctl(pipe, FIONREAD, &bytes) == -1)
        fail("ioctl(FIONREAD)");
    return bytes;
}

/* Passage.ofCapacity: whoever moves bytes there waits neither to read nor to write. */
static struct ends make_passage(int bytes)
{
    const struct ends ends = make_pipe(0);

    fcntl(ends.write, F_GETPIPE_SZ);
    if (bytes != DEFAULT_CAPACITY_BYTES)
        grow(ends, bytes);
    fcntl(ends.read, F_SETFL, O_NONBLOCK);
    return ends;
}

static void open_dense(void)
{
    dense.last = make_passage(PAGE_BYTES);
    dense.nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dense.slots = 0;
    dense.opened = 1;
}

static void close_ruler(void)
{
    if (dense.slots > 0) {
        close_pipe(dense.pages);
        close_pipe(dense.ruler);
    }
}

/* DenseProbe.makeRoomFor */
static void make_room_for(int whole)
{
    struct ends one;
    int i;

    if (whole < dense.slots)
        return;
    close_ruler();
    for (dense.slots = FEWEST_SLOTS; dense.slots <= whole; dense.slots *= 2)
        ;
    dense.pages = make_passage(dense.slots * PAGE_BYTES);
    dense.ruler = make_passage(dense.slots * PAGE_BYTES);
    one = make_passage(PAGE_BYTES);
    expect("write", write(one.write, "", 1), 1);
    for (i = 0; i < dense.slots; i++)
        tee(one.read, dense.ruler.write, 1, SPLICE_F_NONBLOCK);
    close_pipe(one);
}

/* DenseProbe.arePages */
static void probe_pages(int clone, int whole)
{
    const int taken = dense.slots - whole;

    tee(dense.ruler.read, dense.pages.write, (size_t)taken, SPLICE_F_NONBLOCK);
    splice(clone, NULL, dense.pages.write, NULL, INT_MAX, SPLICE_F_NONBLOCK);
    overwriting_read(dense.pages.read, taken + whole * PAGE_BYTES - 1);
    queued(dense.pages.read);
    if (queued(dense.pages.read) > 0)
        splice(dense.pages.read, NULL, dense.nowhere, NULL, INT_MAX, SPLICE_F_NONBLOCK);
}

/* DenseProbe.isStream */
static void probe_last(int bytes)
{
    char page[PAGE_BYTES];

    expect("read", read(dense.last.read, page, 1), 1);
    expect("read", read(dense.last.read, page, sizeof page), bytes - 1);
}

/* DenseProbe.isOneSlot */
static void probe_one_slot(const struct clone *clone, int bytes)
{
    tee(clone->ends.read, dense.last.write, INT_MAX, SPLICE_F_NONBLOCK);
    probe_last(bytes);
}

/* DenseProbe.isDense, for what is not full: whole pages, then the last slot. */
static void probe_dense(const struct clone *clone, int bytes)
{
    const int whole = (bytes - 1) / PAGE_BYTES;

    take_from(&second, clone);
    if (whole < MOST_SLOTS) {
        make_room_for(whole);
        probe_pages(second.ends.read, whole);
    }
    splice(second.ends.read, NULL, dense.last.write, NULL, INT_MAX, SPLICE_F_NONBLOCK);
    probe_last(bytes - whole * PAGE_BYTES);
}

/* SlotProbe.hasNoPacket, for what is full of whole pages. */
static void probe_full(int clone, int bytes)
{
    overwriting_read(clone, bytes - 1);
    queued(clone);
    overwriting_read(clone, 1);
}

void open_probe(void)
{
    second.capacity = 0;
    dense.opened = 0;
}

void close_probe(void)
{
    close_clone(&second);
    if (dense.opened) {
        close_ruler();
        close_pipe(dense.last);
        close(dense.nowhere);
    }
}

void probe(const struct clone *clone, int bytes)
{
    if (bytes == 0)
        return;
    if (bytes == clone->source_capacity) {
        take_from(&second, clone);
        probe_full(second.ends.read, bytes);
        return;
    }
    if (!dense.opened)
        open_dense();
    if (bytes <= PAGE_BYTES)
        probe_one_slot(clone, bytes);
    else
        probe_dense(clone, bytes);
}
