/* SPDX-License-Identifier: Apache-2.0 */
/* Freezing processes for as long as it takes to clone their pipes. */
#define _GNU_SOURCE
#include "capture.h"
#include "freeze.h"
#include "proctext.h"
#include "standpipe.h"
#include "syscall.h"
#include "trace.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FREEZE_SPIN_NANOS 300000
#define FREEZE_STEP_NANOS 50000
#define STACK_BYTES 65536

static const uint64_t no_signal_but_kill = UINT64_MAX;

static int is_among(const int32_t *sorted, int32_t count, int32_t wanted)
{
    int32_t low = 0;
    int32_t high = count;

    while (low < high) {
        const int32_t middle = low + (high - low) / 2;

        if (sorted[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && sorted[low] == wanted;
}

/* Returns 0, or -ETIMEDOUT past the deadline. */
static int wait_a_little(const struct sp_freeze *f, int64_t began)
{
    const int64_t waited = sp_now_nanos() - began;

    if (waited > f->limit_nanos)
        return -ETIMEDOUT;
    if (waited > FREEZE_SPIN_NANOS)
        sp_sleep(FREEZE_STEP_NANOS);
    return 0;
}

static int write_state(const struct sp_frozen_cgroup *c, const char *second, const char *first)
{
    const char *text = c->fd_events >= 0 ? second : first;

    return pwrite(c->fd_control, text, strlen(text), 0) == -1 ? -errno : 0;
}

static int is_cgroup_frozen(const struct sp_frozen_cgroup *c)
{
    char text[256];
    const ssize_t length = pread(c->fd_events >= 0 ? c->fd_events : c->fd_control, text, sizeof text - 1, 0);

    if (length == -1)
        return errno == ENODEV; /* removed, and so empty */
    text[length] = '\0';
    return strstr(text, c->fd_events >= 0 ? "frozen 1" : "FROZEN") != NULL;
}

static int freeze_cgroups(const struct sp_freeze *f, int64_t began)
{
    const struct sp_frozen_cgroup *cgroups = SP_POINTER(const struct sp_frozen_cgroup, f->cgroups);
    int result = 0;
    int32_t i;

    for (i = 0; i < f->cgroups_count && result == 0; i++)
        result = write_state(&cgroups[i], "1", "FROZEN");
    for (i = 0; i < f->cgroups_count; i++) {
        while (result == 0 && !is_cgroup_frozen(&cgroups[i]))
            result = wait_a_little(f, began);
    }
    return result;
}

static int send_signal(const struct sp_frozen_process *p, int signal)
{
    return syscall(SYS_pidfd_send_signal, p->pidfd, signal, NULL, 0) == -1 && errno != ESRCH ? -errno : 0;
}

/* Returns the thread itself if it runs, or else 0. */
static int running_thread(int32_t tid, void *context)
{
    const struct sp_frozen_process *p = context;
    const char state = sp_thread_state(p->pid, tid);

    return state == 0 || strchr("TtZX", state) != NULL ? 0 : tid;
}

static int stop_processes(struct sp_freeze *f, int64_t began)
{
    struct sp_frozen_process *processes = SP_POINTER(struct sp_frozen_process, f->processes);
    int result = 0;
    int32_t i;

    for (i = 0; i < f->processes_count && result == 0; i++) {
        if (processes[i].how == SP_BY_SIGNAL)
            result = send_signal(&processes[i], SIGSTOP);
        f->signalled = result == 0 ? i + 1 : i;
    }
    for (i = 0; i < f->processes_count; i++) {
        char path[64];
        int running = processes[i].how == SP_BY_SIGNAL;

        sp_process_path(path, processes[i].pid, "task");
        while (result == 0 && running > 0) {
            running = sp_each_number(path, running_thread, &processes[i]);
            if (running > 0)
                result = wait_a_little(f, began);
            if (result < 0)
                f->culprit = running;
        }
    }
    return result;
}

static int trace_processes(struct sp_freeze *f, struct sp_tracees *tracees, int64_t began)
{
    const struct sp_frozen_process *processes = SP_POINTER(const struct sp_frozen_process, f->processes);
    int result = 0;
    int32_t i;

    for (i = 0; i < f->processes_count && result == 0; i++) {
        if (processes[i].how == SP_BY_TRACE)
            result = sp_trace_add(tracees, processes[i].pid);
    }
    if (result == 0)
        result = sp_trace_stop(tracees, began + f->limit_nanos);
    f->culprit = tracees->culprit;
    f->failed = tracees->failed;
    return result;
}

/* Goes on where something fails, and tries that twice: what is not thawed here stays frozen. Returns 0, or the first -errno. */
static int thaw(struct sp_freeze *f, struct sp_tracees *tracees)
{
    const struct sp_frozen_process *processes = SP_POINTER(const struct sp_frozen_process, f->processes);
    const struct sp_frozen_cgroup *cgroups = SP_POINTER(const struct sp_frozen_cgroup, f->cgroups);
    int result = 0;
    int32_t i;

    sp_trace_resume(tracees);
    for (i = 0; i < f->cgroups_count; i++) {
        int written = write_state(&cgroups[i], "0", "THAWED");

        if (written != 0)
            written = write_state(&cgroups[i], "0", "THAWED");
        if (result == 0 && written != 0 && written != -ENODEV) {
            f->failed = SP_IN_CGROUP;
            result = written;
        }
    }
    for (i = 0; i < f->signalled; i++) {
        int sent = processes[i].how == SP_BY_SIGNAL ? send_signal(&processes[i], SIGCONT) : 0;

        if (sent != 0)
            sent = send_signal(&processes[i], SIGCONT);
        if (result == 0 && sent != 0) {
            f->failed = SP_IN_SIGNAL;
            result = sent;
        }
    }
    return result;
}

/* Returns 0 for a process that was known, or is certainly no child of those that are frozen. */
static int is_new_child(int32_t pid, void *context)
{
    const struct sp_freeze *f = context;
    const struct sp_frozen_process *processes = SP_POINTER(const struct sp_frozen_process, f->processes);
    char path[64];
    char text[1024];
    const char *fields;
    int32_t parent;
    int32_t i;

    if (is_among(SP_POINTER(const int32_t, f->known), f->known_count, pid))
        return 0;
    sp_process_path(path, pid, "stat");
    if (sp_read_stat(path, text, sizeof text, &fields) < 0)
        return 1; /* It cannot be told. */
    parent = (int32_t)sp_stat_field(fields, SP_PARENT_FIELD);
    for (i = 0; i < f->processes_count; i++) {
        if (fields != NULL && processes[i].pid == parent)
            return 1;
    }
    return 0;
}

static int has_changed(struct sp_freeze *f)
{
    const struct sp_frozen_process *processes = SP_POINTER(const struct sp_frozen_process, f->processes);
    int32_t i;

    for (i = 0; i < f->processes_count; i++) {
        struct stat st;

        if (processes[i].descriptors >= 0
            && (syscall(SYS_fstat, processes[i].fd_descriptors, &st) == -1 || st.st_size != processes[i].descriptors))
            return 1;
    }
    return f->known_count > 0 && sp_each_number("/proc", is_new_child, f) != 0;
}

/* Captures what is to be captured; returns how many captures failed. */
static int capture_frozen(struct sp_freeze *f, const struct sp_tracees *tracees)
{
    f->lends = sp_trace_lends_pages(tracees);
    if (f->lends && f->captures_count > 0 && !f->copies)
        return 0; /* The clones would not keep their bytes: the caller repeats it, with copies. */
    return sp_take_captures(SP_POINTER(struct sp_capture, f->captures), f->captures_count);
}

/* Reports that all are frozen, and waits until the caller opens the gate or ends. */
static int wait_at_gate(struct sp_freeze *f)
{
    struct pollfd fds[2] = {{.fd = f->fd_gate, .events = POLLIN}, {.fd = f->fd_owner, .events = POLLIN}};
    const char frozen = 'F';
    long result;

    f->failed = SP_IN_REPORT;
    do {
        result = syscall(SYS_write, f->fd_report, &frozen, 1);
    } while (result == -1 && errno == EINTR);
    if (result == -1)
        return -errno;
    do {
        result = poll(fds, 2, -1);
    } while (result == -1 && errno == EINTR);
    return result == -1 ? -errno : 0;
}

int32_t sp_freeze_here(struct sp_freeze *f)
{
    struct sp_tracees tracees = {0};
    const int64_t began = sp_now_nanos();
    int32_t result;
    int thawed;

    f->signalled = 0;
    f->failed = SP_IN_CGROUP;
    result = freeze_cgroups(f, began);
    if (result == 0) {
        f->failed = SP_IN_SIGNAL;
        result = stop_processes(f, began);
    }
    if (result == 0)
        result = trace_processes(f, &tracees, began);
    if (result == 0) {
        result = capture_frozen(f, &tracees);
        f->changed = has_changed(f);
        if (f->fd_gate >= 0)
            result = wait_at_gate(f);
    }
    thawed = thaw(f, &tracees);
    /* Seizing processes comes before the first of them is stopped. */
    f->nanos = sp_now_nanos() - (tracees.stopped_since != 0 ? tracees.stopped_since : began);
    sp_trace_free(&tracees);
    return result < 0 || thawed == 0 ? result : thawed;
}

static int run_freeze(void *argument)
{
    const struct sigaction by_default = {.sa_handler = SIG_DFL};
    struct sp_freeze *f = argument;

    prctl(PR_SET_NAME, "standpipe");
    /* Tracees report their stops by this signal, which is waited for and must not be ignored. */
    sigaction(SIGCHLD, &by_default, NULL);
    f->result = sp_freeze_here(f);
    return 0;
}

/*
 * More than one system call: from the first process that is stopped to the last that runs again nothing of the JVM's may come
 * between. And a process of its own, which shares memory and fds with the JVM: a JVM that traced its own children would take their
 * stops for their ends (waitpid reports those to any thread of the tracer's process). It has no signal handlers to run, its end is
 * reported to nobody else (no exit signal), and if the JVM is killed it thaws what it froze. If it is killed, the kernel does,
 * except for what was frozen by signals or cgroups.
 * Returns how many captures failed, or -errno.
 */
int32_t sp_freeze(int64_t freeze_address)
{
    struct sp_freeze *f = SP_POINTER(struct sp_freeze, freeze_address);
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    uint64_t mask = 0;
    int status = 0;
    int child;
    int error;

    f->failed = SP_IN_MMAP;
    if (stack == MAP_FAILED)
        return -errno;
    f->failed = SP_IN_CLONE;
    f->result = -ECANCELED; /* unless it comes to its end */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signal_but_kill, &mask, sizeof mask);
    child = clone(run_freeze, stack + STACK_BYTES, CLONE_VM | CLONE_VFORK | CLONE_FILES, f);
    error = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
    if (child != -1) {
        while (waitpid(child, &status, __WALL) == -1 && errno == EINTR)
            continue;
    }
    munmap(stack, STACK_BYTES);
    return child == -1 ? -error : f->result;
}
