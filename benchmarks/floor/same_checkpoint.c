/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same calls: a checkpoint of this process's own pipes, to a file or to a pipe. Mirrors ImageSaver.save and
 * ImageSaver.stream with what they call: Collector, CheckpointWriter, ImageWriter, ImageStream.
 */
#define _GNU_SOURCE
#include "same.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define RELEASED_PIPES 64

static const char IMAGE[] = "same.image";

static struct options chosen;
static struct ends *pipes;
static struct ends *copies;
static int outlet;
static pid_t drainer;

/* Where the image goes: a file, into which all is put at its place, or a pipe. */
static int output;
static int to_file;

/* ImageWriter: headers are gathered, and written before a payload or when the buffer is full. */
static char gathered[GATHERED_BYTES];
static int gathered_bytes;

static void collect_all(void)
{
    int i;

    ask_of_process();
    for (i = 0; i < chosen.set.pipes; i++) {
        copies[i].read = collect(pipes[i].read);
        if (i == 0)
            ask_of_file_system(copies[i].read);
        copies[i].write = collect(pipes[i].write);
    }
}

static void flush(void)
{
    if (to_file)
        body_write(gathered, gathered_bytes);
    else
        expect("write of headers", write(output, gathered, (size_t)gathered_bytes), gathered_bytes);
    gathered_bytes = 0;
}

static void put_headers(int bytes)
{
    if (gathered_bytes + bytes > GATHERED_BYTES)
        flush();
    memset(gathered + gathered_bytes, 1, (size_t)bytes);
    gathered_bytes += bytes;
}

/* Outlet.splice: where the pipe is full, waits until it takes more. */
static ssize_t put_in_pipe(int clone, int bytes)
{
    struct pollfd room = {.fd = output, .events = POLLOUT};
    ssize_t moved;
    int left;

    while ((moved = splice(clone, NULL, output, NULL, (size_t)bytes, SPLICE_F_NONBLOCK)) == -1 && errno == EAGAIN) {
        ioctl(clone, FIONREAD, &left);
        poll(&room, 1, -1);
    }
    return moved;
}

static void put_payload(const struct clone *clone, int bytes)
{
    ssize_t moved;
    int left;

    if (to_file) {
        body_splice(clone->ends.read, bytes);
        return;
    }
    for (left = bytes; left > 0; left -= (int)moved) {
        moved = put_in_pipe(clone->ends.read, left);
        if (moved <= 0)
            fail("splice");
    }
}

/* ReleasedEnds: the copies of so many pipes are closed together, as their numbers follow one another. */
static void release(int saved)
{
    static int released;

    if (saved - 1 < released)
        released = 0;
    if (saved - released == RELEASED_PIPES || saved == chosen.set.pipes) {
        if (syscall(SYS_close_range, copies[released].read, copies[saved - 1].write, 0) == -1)
            fail("close_range");
        released = saved;
    }
}

/* CheckpointWriter.writePipe, once the descriptors are known. */
static void save_pipe(struct clone *clone, int pipe)
{
    const int bytes = chosen.set.bytes;

    take(clone, copies[pipe].read);
    probe(clone, bytes);
    release(pipe + 1);
    put_headers(header_bytes(&chosen.set));
    if (bytes > 0) {
        flush();
        put_payload(clone, bytes);
    }
}

static void save_pipes(struct clone *clone)
{
    int i;

    for (i = 0; i < chosen.set.pipes; i++)
        save_pipe(clone, i);
    put_headers(LAST_BYTES);
    flush();
}

/* ImageFile.create: the folder, what has the name in it, the file, which is locked, and which files killed writers left. */
static int create_file(void)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const int folder = open(chosen.folder, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    char entries[8192];
    struct stat found;

    syscall(SYS_newfstatat, folder, IMAGE, &found, AT_SYMLINK_NOFOLLOW);
    output = openat(folder, "same.tmp", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (output == -1)
        fail("openat");
    if (fcntl(output, F_OFD_SETLK, &whole) == -1)
        fail("fcntl(F_OFD_SETLK)");
    look(output);
    while (syscall(SYS_getdents64, folder, entries, sizeof entries) > 0)
        ;
    return folder;
}

/* ImageFile.commit and close. */
static void commit_file(int folder)
{
    finish_body();
    if (fdatasync(output) == -1)
        fail("fdatasync");
    if (renameat(folder, "same.tmp", folder, IMAGE) == -1)
        fail("renameat");
    if (fsync(folder) == -1)
        fail("fsync of the folder");
    close_body();
    close(output);
    close(folder);
}

static void save_to_file(void)
{
    struct clone clone;
    int folder;

    to_file = 1;
    collect_all();
    clone.capacity = 0;
    open_probe();
    folder = create_file();
    open_body(output);
    ask_of_kernel();
    save_pipes(&clone);
    commit_file(folder);
    close_probe();
    close_clone(&clone);
}

static void save_to_pipe(void)
{
    struct termios terminal;
    struct clone clone;

    to_file = 0;
    output = outlet;
    collect_all();
    tcgetattr(output, &terminal);
    clone.capacity = 0;
    open_probe();
    ask_of_kernel();
    save_pipes(&clone);
    close_probe();
    close_clone(&clone);
}

static uint64_t timed(void (*save)(void))
{
    const uint64_t start = now_nanos();

    save();
    return now_nanos() - start;
}

static void remove_image(void)
{
    const int folder = open(chosen.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    unlinkat(folder, IMAGE, 0);
    close(folder);
}

static uint64_t sample_new(void)
{
    remove_image();
    return timed(save_to_file);
}

static uint64_t sample_again(void)
{
    return timed(save_to_file);
}

static uint64_t sample_stream(void)
{
    return timed(save_to_pipe);
}

static void prepare(const struct options *options)
{
    chosen = *options;
    pipes = make_filled(&chosen.set);
    copies = allocate((size_t)chosen.set.pipes, sizeof *copies);
}

static void prepare_stream(const struct options *options)
{
    outlet = start_drainer(&drainer);
    prepare(options);
}

static void finish(void)
{
    remove_image();
    close_all(pipes, chosen.set.pipes);
}

static void finish_stream(void)
{
    close(outlet);
    waitpid(drainer, NULL, 0);
    close_all(pipes, chosen.set.pipes);
}

const struct workload same_checkpoint_workload = {"same-checkpoint", prepare, sample_new, finish};
const struct workload same_checkpoint_again_workload = {"same-checkpoint-again", prepare, sample_again, finish};
const struct workload same_stream_workload = {"same-stream", prepare_stream, sample_stream, finish_stream};
