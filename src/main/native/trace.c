/* SPDX-License-Identifier: Apache-2.0 */
/* Stopping the threads of other processes by ptrace: neither they nor their parents get a signal. */
#define _GNU_SOURCE
#include "trace.h"
#include "proctext.h"
#include "syscall.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#define TRACE_SPIN_NANOS 50000      /* most threads stop within this time, and sleeping takes longer */
#define TRACE_STEP_NANOS 1000000    /* how often a thread that does not stop is looked at */
#define LAGGARD_NANOS 20000000 /* from then on the others run while a thread is waited for */

enum state {
    FOUND,    /* not traced yet */
    SEIZED,   /* traced, and running */
    ASKED,    /* asked to stop */
    STOPPED,
    IN_VFORK, /* waits for a child, which is stopped; it cannot run before the child does */
    ENDED,
};

int64_t sp_now_nanos(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void sp_sleep(int64_t nanos)
{
    const uint64_t child = UINT64_C(1) << (SIGCHLD - 1);
    const struct timespec time = {.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};

    syscall(SYS_rt_sigtimedwait, &child, NULL, &time, sizeof child);
}

static int trace(int request, const struct sp_tracee *tracee, long data)
{
    return syscall(SYS_ptrace, request, tracee->tid, NULL, data) == -1 ? -errno : 0;
}

static int fail(struct sp_tracees *t, enum sp_freeze_step step, int32_t tid, int error)
{
    t->failed = step;
    t->culprit = tid;
    return error;
}

/* Returns the index of a thread, or -1. */
static int32_t index_of(const struct sp_tracees *t, int32_t tid)
{
    int32_t i;

    for (i = 0; i < t->count; i++) {
        if (t->list[i].tid == tid && t->list[i].state != ENDED)
            return i;
    }
    return -1;
}

static int make_room(struct sp_tracees *t)
{
    const size_t size = (size_t)t->room * sizeof *t->list;
    void *memory;

    if (t->count < t->room)
        return 0;
    memory = t->list == NULL
        ? mmap(NULL, 4096 * sizeof *t->list, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        : mremap(t->list, size, 2 * size, MREMAP_MAYMOVE);
    if (memory == MAP_FAILED)
        return fail(t, SP_IN_MMAP, 0, -errno);
    t->room = t->list == NULL ? 4096 : 2 * t->room;
    t->list = memory;
    return 0;
}

/* Adds a thread; `leader` is negative for the first one of a process. */
static int add(struct sp_tracees *t, int32_t pid, int32_t tid, int32_t leader)
{
    const int result = make_room(t);

    if (result < 0)
        return result;
    if (leader < 0)
        leader = t->count;
    t->list[t->count] = (struct sp_tracee){.tid = tid, .pid = pid, .leader = leader, .state = FOUND};
    t->list[leader].threads++;
    t->count++;
    return 0;
}

int sp_trace_add(struct sp_tracees *t, int32_t pid)
{
    return add(t, pid, pid, -1);
}

static void set_ended(struct sp_tracees *t, struct sp_tracee *tracee)
{
    /* A leading thread that has ended stays in the directory of threads until the last one ends. */
    if (tracee->tid != tracee->pid)
        t->list[tracee->leader].threads--;
    tracee->state = ENDED;
}

struct listing {
    struct sp_tracees *t;
    int32_t leader;
};

static int add_if_new(int32_t tid, void *context)
{
    const struct listing *listing = context;
    const struct sp_tracee *leader = &listing->t->list[listing->leader];
    int32_t i;

    for (i = listing->leader; i < listing->t->count; i++) {
        const struct sp_tracee *known = &listing->t->list[i];

        if (known->tid == tid && known->leader == listing->leader)
            return 0;
    }
    return add(listing->t, leader->pid, tid, listing->leader);
}

/* Adds the threads that are not known yet. Returns how many, or -errno. */
static int add_new_threads(struct sp_tracees *t)
{
    const int32_t before = t->count;
    int32_t i;

    for (i = 0; i < before; i++) {
        struct listing listing = {.t = t, .leader = i};
        char path[64];
        struct stat st;
        int result = 0;

        if (t->list[i].leader != i)
            continue;
        sp_process_path(path, t->list[i].pid, "task");
        /* The directory has a link for each thread, besides two of its own: its listing takes ten times as long. */
        if (syscall(SYS_newfstatat, AT_FDCWD, path, &st, 0) == -1)
            result = -errno;
        else if ((int32_t)st.st_nlink - 2 != t->list[i].threads)
            result = sp_each_number(path, add_if_new, &listing);
        if (result < 0 && result != -ENOENT && result != -ESRCH)
            return fail(t, SP_IN_LISTING, t->list[i].tid, result);
    }
    return t->count - before;
}

static int has_ended(const struct sp_tracee *tracee)
{
    const char state = sp_thread_state(tracee->pid, tracee->tid);

    return state == 0 || state == 'Z' || state == 'X';
}

/* Traces the threads that are not traced yet, which goes unnoticed by them. */
static int seize(struct sp_tracees *t, struct sp_tracee *tracee)
{
    const int result = trace(PTRACE_SEIZE, tracee, 0);

    if (result == 0) {
        tracee->state = SEIZED;
    } else if (result == -ESRCH || has_ended(tracee)) {
        set_ended(t, tracee);
    } else {
        return fail(t, SP_IN_PTRACE, tracee->tid, result);
    }
    return 0;
}

static int ask_to_stop(struct sp_tracees *t, struct sp_tracee *tracee)
{
    int result;

    if (t->stopped_since == 0)
        t->stopped_since = sp_now_nanos();
    result = trace(PTRACE_INTERRUPT, tracee, 0);
    if (result == 0)
        tracee->state = ASKED;
    else if (result == -ESRCH)
        set_ended(t, tracee);
    else
        return fail(t, SP_IN_PTRACE, tracee->tid, result);
    return 0;
}

/* All are traced before the first is asked to stop, so that they are stopped for a shorter time. */
static int stop_new(struct sp_tracees *t)
{
    int32_t i;

    for (i = 0; i < t->count; i++) {
        const int result = t->list[i].state == FOUND ? seize(t, &t->list[i]) : 0;

        if (result < 0)
            return result;
    }
    for (i = 0; i < t->count; i++) {
        const int result = t->list[i].state == SEIZED ? ask_to_stop(t, &t->list[i]) : 0;

        if (result < 0)
            return result;
    }
    return 0;
}

/*
 * Notes whether a thread has stopped; returns 0 or -errno. The stop is left waitable: if this process were killed now, the kernel
 * would still deliver the signal in whose delivery the thread was stopped.
 */
static int look(struct sp_tracees *t, struct sp_tracee *tracee)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    if (syscall(SYS_waitid, P_PID, tracee->tid, &info, WSTOPPED | WEXITED | __WALL | WNOHANG | WNOWAIT, NULL) == -1) {
        if (errno != ECHILD)
            return fail(t, SP_IN_WAITID, tracee->tid, -errno);
        set_ended(t, tracee);
    } else if (info.si_pid != 0 && (info.si_code == CLD_TRAPPED || info.si_code == CLD_STOPPED)) {
        tracee->state = STOPPED;
        tracee->signal = info.si_status >> 8 == 0 ? info.si_status : 0;
    } else if (info.si_pid != 0) {
        /* Its parent learns of its end once its tracer has. */
        syscall(SYS_waitid, P_PID, tracee->tid, &info, WEXITED | __WALL | WNOHANG, NULL);
        set_ended(t, tracee);
    }
    return 0;
}

/* Returns the child that a thread waits for in vfork, or 0. It is the thread's youngest. */
static int32_t vfork_child(const struct sp_tracee *tracee)
{
    char path[64];
    char text[1024];
    const char *last;
    long number;

    sp_thread_path(path, tracee->pid, tracee->tid, "syscall");
    if (sp_read_text(path, text, sizeof text) <= 0 || text[0] < '0' || text[0] > '9')
        return 0;
    number = sp_parse_number(text);
#ifdef SYS_vfork
    if (number != SYS_vfork && number != SYS_clone && number != SYS_clone3)
        return 0;
#else
    if (number != SYS_clone && number != SYS_clone3)
        return 0;
#endif
    sp_thread_path(path, tracee->pid, tracee->tid, "children");
    if (sp_read_text(path, text, sizeof text) <= 0)
        return 0;
    /* "12 34 ": the last number ends at the last blank. */
    last = strrchr(text, ' ');
    if (last == NULL)
        return 0;
    while (last > text && last[-1] != ' ')
        last--;
    return (int32_t)sp_parse_number(last);
}

/* Looks closer at a thread that does not stop: one in vfork stands as long as its child does. */
static int inspect(struct sp_tracees *t, int32_t index)
{
    const char state = sp_thread_state(t->list[index].pid, t->list[index].tid);
    const int32_t child = state == 'D' ? vfork_child(&t->list[index]) : 0;
    int32_t at;
    int result = 0;

    if (state == 0)
        set_ended(t, &t->list[index]);
    if (child == 0)
        return 0;
    at = index_of(t, child);
    if (at == -1) {
        at = t->count;
        result = sp_trace_add(t, child);
    }
    if (result == 0 && t->list[at].state == FOUND)
        result = seize(t, &t->list[at]);
    if (result == 0 && t->list[at].state == SEIZED) {
        result = ask_to_stop(t, &t->list[at]);
    } else if (result == 0 && t->list[at].state == ASKED) {
        result = look(t, &t->list[at]);
        if (result == 0 && t->list[at].state == ASKED)
            result = inspect(t, at);
    }
    if (result == 0 && (t->list[at].state == STOPPED || t->list[at].state == IN_VFORK))
        t->list[index].state = IN_VFORK;
    return result;
}

/* Waits for all that were asked to stop. Returns 0, -ETIMEDOUT or -errno. */
static int await_stops(struct sp_tracees *t, int64_t until)
{
    const int64_t began = sp_now_nanos();
    int64_t inspected = began;
    int32_t i;

    for (i = 0; i < t->count; i++) {
        while (t->list[i].state == ASKED) {
            const int64_t now = sp_now_nanos();
            int result = look(t, &t->list[i]);

            if (result < 0)
                return result;
            if (t->list[i].state != ASKED || now - began < TRACE_SPIN_NANOS)
                continue;
            if (now > until)
                return fail(t, SP_IN_WAITID, t->list[i].tid, -ETIMEDOUT);
            if (now - inspected >= TRACE_STEP_NANOS || inspected == began) {
                result = inspect(t, i);
                inspected = now;
            }
            if (result < 0)
                return result;
            if (t->list[i].state == ASKED)
                sp_sleep(TRACE_STEP_NANOS);
        }
    }
    return 0;
}

int sp_trace_stop(struct sp_tracees *t, int64_t deadline)
{
    for (;;) {
        const int64_t soon = sp_now_nanos() + LAGGARD_NANOS;
        int result = stop_new(t);

        if (result == 0)
            result = await_stops(t, soon < deadline ? soon : deadline);
        if (result == -ETIMEDOUT && sp_now_nanos() < deadline) {
            sp_trace_resume(t);
            result = await_stops(t, deadline);
            if (result == 0)
                continue;
        }
        if (result < 0)
            return result;
        t->culprit = 0;
        result = add_new_threads(t);
        if (result <= 0)
            return result;
        if (sp_now_nanos() > deadline)
            return fail(t, SP_IN_LISTING, t->list[t->count - 1].tid, -ETIMEDOUT);
    }
}

/* Returns the number of the system call that a stopped thread is in, or -1 for none, or -2 if it cannot be read. */
static long call_of(const struct sp_tracee *tracee)
{
    struct user_regs_struct registers;
    struct iovec into = {.iov_base = &registers, .iov_len = sizeof registers};

    if (syscall(SYS_ptrace, PTRACE_GETREGSET, tracee->tid, (long)NT_PRSTATUS, &into) == -1)
        return -2;
    if (into.iov_len != sizeof registers)
        return -1; /* of a 32-bit thread there are fewer registers; its numbers are others */
#if defined(__x86_64__)
    return (long)registers.orig_rax;
#else
    {
        /*
         * This kernel forgets the call's number (NT_ARM_SYSTEM_CALL) when it stops a thread in it, and has set the thread back to the
         * instruction svc to begin again, or has it behind one if the call is over. x8 has kept the number.
         */
        const unsigned int svc = 0xd4000001;
        long before;
        long at;

        if (syscall(SYS_ptrace, PTRACE_PEEKTEXT, tracee->tid, registers.pc - 4, &before) == -1)
            before = 0; /* the first instruction of its pages */
        if (syscall(SYS_ptrace, PTRACE_PEEKTEXT, tracee->tid, registers.pc, &at) == -1)
            return -2;
        return (unsigned int)before == svc || (unsigned int)at == svc ? (long)registers.regs[8] : -1;
    }
#endif
}

int sp_trace_lends_pages(const struct sp_tracees *t)
{
    int32_t i;

    for (i = 0; i < t->count; i++) {
        long number;

        if (t->list[i].state != STOPPED)
            continue;
        number = call_of(&t->list[i]);
        if (number == -2 || number == SYS_vmsplice || number == SYS_splice || number == SYS_sendfile || number == SYS_tee)
            return 1;
    }
    return 0;
}

void sp_trace_resume(struct sp_tracees *t)
{
    int32_t i;

    for (i = 0; i < t->count; i++) {
        struct sp_tracee *tracee = &t->list[i];

        if (tracee->state == STOPPED) {
            if (trace(PTRACE_DETACH, tracee, tracee->signal) == 0)
                tracee->state = FOUND;
            else
                set_ended(t, tracee);
        } else if (tracee->state == IN_VFORK) {
            tracee->state = ASKED;
        }
    }
}

void sp_trace_free(struct sp_tracees *t)
{
    if (t->list != NULL)
        munmap(t->list, (size_t)t->room * sizeof *t->list);
}
