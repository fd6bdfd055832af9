/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "capture.h"
#include "check.h"
#include "freeze.h"
#include "proctext.h"
#include "standpipe.h"
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(struct sp_frozen_process) == 24, "as FreezeCall.java lays it out");
_Static_assert(sizeof(struct sp_freeze) == 104, "as FreezeCall.java lays it out");
_Static_assert(offsetof(struct sp_freeze, nanos) == 80, "as FreezeCall.java lays it out");
_Static_assert(sizeof(struct sp_capture) == 40, "as TeeBatch.java lays it out");

/* A pipe with a payload, a child that holds it too, and a window over both. */
struct stage {
    struct pipe_ends pipe;
    struct pipe_ends clone;
    struct pipe_ends beats; /* the child writes here as long as it runs */
    pid_t child;
    struct sp_frozen_process process;
    struct sp_capture capture;
    struct sp_freeze freeze;
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
    s->process = (struct sp_frozen_process){
        .pid = s->child,
        .pidfd = sp_pidfd_open(s->child, 0),
        .how = SP_BY_TRACE,
        .fd_descriptors = open_of(s->child, "fd"),
    };
    fstat(s->process.fd_descriptors, &st);
    s->process.descriptors = st.st_size;
    s->capture = (struct sp_capture){.from = s->pipe.read, .to = s->clone.write, .bytes = 99};
    s->freeze = (struct sp_freeze){
        .processes = ADDRESS(&s->process),
        .captures = ADDRESS(&s->capture),
        .processes_count = 1,
        .captures_count = 1,
        .changed = 99,
        .fd_gate = -1,
        .limit_nanos = 2000000000,
        .nanos = -1,
    };
}

static void tear_down(const struct stage *s)
{
    end_child(s->child);
    close(s->process.pidfd);
    close(s->process.fd_descriptors);
    close_pipe(s->pipe);
    close_pipe(s->clone);
    close_pipe(s->beats);
}

/* Memcheck and emulators know no process that shares the memory of another: there it is done by this one. */
static int32_t freeze(struct sp_freeze *f)
{
    return has_shared_memory() ? sp_freeze(ADDRESS(f)) : sp_freeze_here(f);
}

/* Emulators have no ptrace. */
static int cannot_trace(const struct stage *s)
{
    struct sp_freeze nothing = s->freeze;

    nothing.captures_count = 0;
    return is_lacking(s->process.pidfd) || is_lacking(freeze(&nothing));
}

static void a_process_runs_on_behind_the_clone(void)
{
    struct stage s;

    set_up(&s);
    if (!cannot_trace(&s)) {
        EXPECT(0, freeze(&s.freeze));
        EXPECT(7, s.capture.bytes);
        EXPECT(0, s.freeze.changed);
        EXPECT_TRUE(s.freeze.nanos > 0);
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
    if (!cannot_trace(&s)) {
        EXPECT(0, freeze(&s.freeze));
        EXPECT(1, s.freeze.changed);
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
    s.process.how = SP_NOT_AT_ALL;
    s.process.descriptors = -1;
    known[0] = getpid() < s.child ? getpid() : s.child;
    known[1] = getpid() < s.child ? s.child : getpid();
    s.freeze.known = ADDRESS(known);
    s.freeze.known_count = 2;
    EXPECT(0, sp_freeze_here(&s.freeze));
    EXPECT(0, s.freeze.changed);
    s.freeze.known = ADDRESS(&nobody);
    s.freeze.known_count = 1;
    EXPECT(0, sp_freeze_here(&s.freeze));
    EXPECT(1, s.freeze.changed);
    EXPECT_TRUE(await_beats(&s));
    tear_down(&s);
}

/* Replaces the child by one that does something else, once it waits in a system call. */
static void restart(struct stage *s, void (*work)(const struct stage *), const char *state)
{
    end_child(s->child);
    s->child = fork();
    if (s->child == 0) {
        work(s);
        _exit(1);
    }
    s->process.pid = s->child;
    s->process.descriptors = -1;
    await_state(s->child, state);
}

/* The only child of a child's first thread. */
static pid_t grandchild(pid_t child)
{
    char path[64];
    char text[64];

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)child, (int)child);
    return sp_read_text(path, text, sizeof text) > 0 ? (pid_t)sp_parse_number(text) : -1;
}

/* A pipe's end that can be read and written. */
static int open_both(int fd)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static void lend_pages(const struct stage *s)
{
    static char page[4096];
    const struct iovec memory = {.iov_base = page, .iov_len = sizeof page};

    while (vmsplice(s->beats.write, &memory, 1, 0) > 0)
        continue;
}

static void pages_that_are_lent_are_reported_and_copied(void)
{
    const struct pipe_ends through = open_pipe();
    char copy[65536];
    struct stage s;

    set_up(&s);
    restart(&s, lend_pages, "S");
    if (!cannot_trace(&s)) {
        EXPECT(0, freeze(&s.freeze));
        EXPECT(1, s.freeze.lends);
        EXPECT(99, s.capture.bytes);
        s.freeze.copies = 1;
        s.capture.copy = ADDRESS(copy);
        s.capture.fd_through = sp_openat(AT_FDCWD, ADDRESS("/dev/null"), O_RDONLY | O_CLOEXEC, 0);
        EXPECT(1, freeze(&s.freeze)); /* /dev/null is no pipe */
        close(s.capture.fd_through);
        s.capture.fd_through = open_both(through.read);
        s.capture.to = open_both(s.clone.read);
        while (queued(s.clone.read) > 0)
            EXPECT_TRUE(gives(s.clone.read, "payload"));
        EXPECT(0, freeze(&s.freeze));
        EXPECT(7, s.capture.copied);
        EXPECT(0, memcmp(copy, "payload", 7));
        EXPECT_TRUE(gives(s.clone.read, "payload"));
        close(s.capture.fd_through);
        close(s.capture.to);
    }
    close_pipe(through);
    tear_down(&s);
}

static void wait_in_vfork(const struct stage *s)
{
    (void)s;
    if (vfork() == 0) {
        pause();
        _exit(0);
    }
}

static void a_parent_in_vfork_is_frozen_with_its_child(void)
{
    struct stage s;
    pid_t waited_for;

    if (!are_bad_addresses_allowed()) {
        skip("memcheck makes a fork of vfork");
        return;
    }
    set_up(&s);
    if (!cannot_trace(&s)) {
        restart(&s, wait_in_vfork, "D");
        EXPECT(0, freeze(&s.freeze));
        EXPECT(7, s.capture.bytes);
        await_state(s.child, "D");
        waited_for = grandchild(s.child);
        EXPECT_TRUE(waited_for > 1 && kill(waited_for, SIGKILL) == 0);
    }
    tear_down(&s);
}

static void all_are_frozen_until_the_gate_is_open(void)
{
    const struct pipe_ends report = open_pipe();
    const struct pipe_ends gate = open_pipe();
    struct stage s;

    set_up(&s);
    put(gate.write, ".");
    s.freeze.fd_report = report.write;
    s.freeze.fd_gate = gate.read;
    s.freeze.fd_owner = -1;
    s.freeze.captures_count = 0;
    if (!cannot_trace(&s)) {
        while (queued(report.read) > 0)
            EXPECT_TRUE(gives(report.read, "F"));
        EXPECT(0, freeze(&s.freeze));
        EXPECT_TRUE(gives(report.read, "F"));
        EXPECT_TRUE(await_beats(&s));
    }
    close_pipe(report);
    close_pipe(gate);
    tear_down(&s);
}

static void what_is_left_alone_stays_stopped(void)
{
    struct stage s;

    set_up(&s);
    kill(s.child, SIGSTOP);
    await_state(s.child, "T");
    s.process.how = SP_NOT_AT_ALL;
    EXPECT(0, freeze(&s.freeze));
    EXPECT(7, s.capture.bytes);
    await_state(s.child, "T");
    tear_down(&s);
}

static void what_was_stopped_stays_stopped(void)
{
    struct stage s;

    set_up(&s);
    kill(s.child, SIGSTOP);
    await_state(s.child, "T");
    if (!cannot_trace(&s)) {
        EXPECT(0, freeze(&s.freeze));
        EXPECT(7, s.capture.bytes);
        await_state(s.child, "T");
    }
    tear_down(&s);
}

static void a_process_that_cannot_be_stopped_fails_it(void)
{
    struct sp_frozen_process both[2];
    struct stage s;

    set_up(&s);
    both[0] = s.process;
    both[1] = s.process;
    both[1].pidfd = BAD_FD;
    both[1].how = SP_BY_SIGNAL;
    s.freeze.processes = ADDRESS(both);
    s.freeze.processes_count = 2;
    if (!cannot_trace(&s)) {
        EXPECT(-EBADF, freeze(&s.freeze));
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
    if (!cannot_trace(&s))
        EXPECT(0, freeze(&s.freeze));
    tear_down(&s);
}

/* Files in place of a cgroup's: what is written to them shows who was told what. */
static void cgroups_are_frozen_and_thawed(void)
{
    const struct sp_frozen_cgroup cgroups[2] = {
        {.fd_control = open_file("0\n"), .fd_events = open_file("populated 1\nfrozen 1\n")},
        {.fd_control = open_file("THAWED\n"), .fd_events = -1}};
    struct stage s;

    set_up(&s);
    s.freeze.processes_count = 0;
    s.freeze.cgroups = ADDRESS(cgroups);
    s.freeze.cgroups_count = 2;
    EXPECT(0, freeze(&s.freeze));
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
    const struct sp_frozen_cgroup cgroup = {.fd_control = BAD_FD, .fd_events = BAD_FD};
    struct stage s;

    set_up(&s);
    s.freeze.cgroups = ADDRESS(&cgroup);
    s.freeze.cgroups_count = 1;
    EXPECT(-EBADF, freeze(&s.freeze));
    EXPECT_TRUE(await_beats(&s));
    tear_down(&s);
}

const struct test freeze_tests[] = {
    {"sp_freeze", "a process runs on behind the clone", a_process_runs_on_behind_the_clone},
    {"sp_freeze", "more descriptors than before are told", more_descriptors_than_before_are_told},
    {"sp_freeze", "a child that was not known is told", a_child_that_was_not_known_is_told},
    {"sp_freeze", "pages that are lent are reported and copied", pages_that_are_lent_are_reported_and_copied},
    {"sp_freeze", "a parent in vfork is frozen with its child", a_parent_in_vfork_is_frozen_with_its_child},
    {"sp_freeze", "all are frozen until the gate is open", all_are_frozen_until_the_gate_is_open},
    {"sp_freeze", "what was stopped stays stopped", what_was_stopped_stays_stopped},
    {"sp_freeze", "what is left alone stays stopped", what_is_left_alone_stays_stopped},
    {"sp_freeze", "a process that cannot be stopped fails it", a_process_that_cannot_be_stopped_fails_it},
    {"sp_freeze", "a process that has ended stands still", a_process_that_has_ended_stands_still},
    {"sp_freeze", "cgroups are frozen and thawed", cgroups_are_frozen_and_thawed},
    {"sp_freeze", "a cgroup that cannot be told fails it", a_cgroup_that_cannot_be_told_fails_it},
    {0},
};
