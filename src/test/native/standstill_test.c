/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "capture.h"
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* What Java lays out: here once more, so that a change on one side only is noticed. */
struct process {
    int32_t pid;
    int32_t pidfd;
    int32_t fd_stat;
    int32_t fd_task;
    int32_t fd_descriptors;
    int32_t left_alone;
    int64_t descriptors;
};

struct cgroup {
    int32_t fd_control;
    int32_t fd_events;
};

struct window {
    int64_t processes;
    int64_t known;
    int64_t cgroups;
    int64_t captures;
    int32_t processes_count;
    int32_t known_count;
    int32_t cgroups_count;
    int32_t captures_count;
    int32_t changed;
    int32_t reserved;
    int64_t nanos;
};

_Static_assert(sizeof(struct process) == 32, "as documented in standstill.c");
_Static_assert(sizeof(struct window) == 64, "as documented in standstill.c");

/* A pipe with a payload, a child that holds it too, and a window over both. */
struct stage {
    struct pipe_ends pipe;
    struct pipe_ends clone;
    struct pipe_ends beats; /* the child writes here as long as it runs */
    pid_t child;
    struct process process;
    struct sp_capture capture;
    struct window window;
};

static void *beat(void *argument)
{
    const int fd = *(int *)argument;

    for (;;) {
        if (write(fd, ".", 1) == -1)
            usleep(100);
    }
    return NULL;
}

/* A child with two threads that never stop. */
static pid_t start_beating(struct pipe_ends beats)
{
    const pid_t child = fork();
    pthread_t other;

    if (child == 0) {
        fcntl(beats.write, F_SETFL, O_NONBLOCK);
        pthread_create(&other, NULL, beat, &beats.write);
        beat(&beats.write);
    }
    return child;
}

static int open_of(pid_t pid, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static int await_beats(const struct stage *s)
{
    char bytes[4096];

    /* All that was written before, and then one that was written after. */
    while (queued(s->beats.read) > 0)
        if (read(s->beats.read, bytes, sizeof bytes) < 0)
            return 0;
    return read(s->beats.read, bytes, 1) == 1;
}

static void set_up(struct stage *s)
{
    struct stat st;

    *s = (struct stage){.pipe = open_pipe(), .clone = open_pipe(), .beats = open_pipe()};
    put(s->pipe.write, "payload");
    s->child = start_beating(s->beats);
    EXPECT_TRUE(await_beats(s));
    s->process = (struct process){
        .pid = s->child,
        .pidfd = sp_pidfd_open(s->child, 0),
        .fd_stat = open_of(s->child, "stat"),
        .fd_task = open_of(s->child, "task"),
        .fd_descriptors = open_of(s->child, "fd"),
    };
    fstat(s->process.fd_descriptors, &st);
    s->process.descriptors = st.st_size;
    s->capture = (struct sp_capture){.from = s->pipe.read, .to = s->clone.write, .bytes = 99};
    s->window = (struct window){
        .processes = ADDRESS(&s->process),
        .captures = ADDRESS(&s->capture),
        .processes_count = 1,
        .captures_count = 1,
        .changed = 99,
        .nanos = -1,
    };
}

static void tear_down(const struct stage *s)
{
    end_child(s->child);
    close(s->process.pidfd);
    close(s->process.fd_stat);
    close(s->process.fd_task);
    close(s->process.fd_descriptors);
    close_pipe(s->pipe);
    close_pipe(s->clone);
    close_pipe(s->beats);
}

static int cannot_signal(const struct stage *s)
{
    return is_lacking(s->process.pidfd) || is_lacking(sp_pidfd_send_signal(s->process.pidfd, 0));
}

static void a_process_runs_on_behind_the_clone(void)
{
    struct stage s;

    set_up(&s);
    if (!cannot_signal(&s)) {
        EXPECT(0, sp_capture_standing(ADDRESS(&s.window)));
        EXPECT(7, s.capture.bytes);
        EXPECT(0, s.window.changed);
        EXPECT_TRUE(s.window.nanos > 0);
        EXPECT_TRUE(gives(s.clone.read, "payload"));
        EXPECT_TRUE(await_beats(&s));
    }
    tear_down(&s);
}

static void more_descriptors_than_before_are_told(void)
{
    struct stage s;

    set_up(&s);
    s.process.descriptors++;
    if (!cannot_signal(&s)) {
        EXPECT(0, sp_capture_standing(ADDRESS(&s.window)));
        EXPECT(1, s.window.changed);
    }
    tear_down(&s);
}

/* The window is over this process, which is left alone: its child is the newcomer. */
static void a_child_that_was_not_known_is_told(void)
{
    const int32_t nobody = 0;
    int32_t known[2];
    struct stage s;

    set_up(&s);
    s.process.pid = getpid();
    s.process.left_alone = 1;
    s.process.descriptors = -1;
    known[0] = getpid() < s.child ? getpid() : s.child;
    known[1] = getpid() < s.child ? s.child : getpid();
    s.window.known = ADDRESS(known);
    s.window.known_count = 2;
    EXPECT(0, sp_capture_standing(ADDRESS(&s.window)));
    EXPECT(0, s.window.changed);
    s.window.known = ADDRESS(&nobody);
    s.window.known_count = 1;
    EXPECT(0, sp_capture_standing(ADDRESS(&s.window)));
    EXPECT(1, s.window.changed);
    EXPECT_TRUE(await_beats(&s));
    tear_down(&s);
}

static void what_is_left_alone_stays_stopped(void)
{
    struct stage s;

    set_up(&s);
    kill(s.child, SIGSTOP);
    await_state(s.child, "T");
    s.process.left_alone = 1;
    EXPECT(0, sp_capture_standing(ADDRESS(&s.window)));
    EXPECT(7, s.capture.bytes);
    await_state(s.child, "T");
    tear_down(&s);
}

static void a_process_that_cannot_be_stopped_fails_it(void)
{
    struct process both[2];
    struct stage s;

    set_up(&s);
    both[0] = s.process;
    both[1] = s.process;
    both[1].pidfd = BAD_FD;
    s.window.processes = ADDRESS(both);
    s.window.processes_count = 2;
    if (!cannot_signal(&s)) {
        EXPECT(-EBADF, sp_capture_standing(ADDRESS(&s.window)));
        EXPECT(99, s.capture.bytes);
        EXPECT_TRUE(await_beats(&s));
    }
    tear_down(&s);
}

static void a_process_that_has_ended_stands_still(void)
{
    struct stage s;

    set_up(&s);
    end_child(s.child);
    s.process.descriptors = -1;
    if (!cannot_signal(&s))
        EXPECT(0, sp_capture_standing(ADDRESS(&s.window)));
    tear_down(&s);
}

/* Files in place of a cgroup's: what is written to them shows who was told what. */
static void cgroups_are_frozen_and_thawed(void)
{
    const struct cgroup cgroups[2] = {
        {.fd_control = open_file("0\n"), .fd_events = open_file("populated 1\nfrozen 1\n")},
        {.fd_control = open_file("THAWED\n"), .fd_events = -1}};
    struct stage s;

    set_up(&s);
    s.window.processes_count = 0;
    s.window.cgroups = ADDRESS(cgroups);
    s.window.cgroups_count = 2;
    EXPECT(0, sp_capture_standing(ADDRESS(&s.window)));
    EXPECT(7, s.capture.bytes);
    EXPECT_TRUE(gives(cgroups[0].fd_control, "0\n"));
    EXPECT_TRUE(gives(cgroups[1].fd_control, "THAWED\n"));
    close(cgroups[0].fd_control);
    close(cgroups[0].fd_events);
    close(cgroups[1].fd_control);
    tear_down(&s);
}

static void a_cgroup_that_cannot_be_told_fails_it(void)
{
    const struct cgroup cgroup = {.fd_control = BAD_FD, .fd_events = BAD_FD};
    struct stage s;

    set_up(&s);
    s.window.cgroups = ADDRESS(&cgroup);
    s.window.cgroups_count = 1;
    EXPECT(-EBADF, sp_capture_standing(ADDRESS(&s.window)));
    EXPECT_TRUE(await_beats(&s));
    tear_down(&s);
}

const struct test standstill_tests[] = {
    {"sp_capture_standing", "a process runs on behind the clone", a_process_runs_on_behind_the_clone},
    {"sp_capture_standing", "more descriptors than before are told", more_descriptors_than_before_are_told},
    {"sp_capture_standing", "a child that was not known is told", a_child_that_was_not_known_is_told},
    {"sp_capture_standing", "what is left alone stays stopped", what_is_left_alone_stays_stopped},
    {"sp_capture_standing", "a process that cannot be stopped fails it", a_process_that_cannot_be_stopped_fails_it},
    {"sp_capture_standing", "a process that has ended stands still", a_process_that_has_ended_stands_still},
    {"sp_capture_standing", "cgroups are frozen and thawed", cgroups_are_frozen_and_thawed},
    {"sp_capture_standing", "a cgroup that cannot be told fails it", a_cgroup_that_cannot_be_told_fails_it},
    {0},
};
