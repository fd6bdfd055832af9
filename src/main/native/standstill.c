/* SPDX-License-Identifier: Apache-2.0 */
/* Having processes stand still for as long as it takes to clone their pipes. */
#define _GNU_SOURCE
#include "capture.h"
#include "standpipe.h"
#include "syscall.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_NANOS 10000000000
#define SPIN_NANOS 300000
#define STEP_NANOS 50000

/* Fields of /proc/PID/stat, counted from the state, which stands first behind the name. */
#define PARENT_FIELD 1
#define THREADS_FIELD 17

/* A process, as Java lays it out: 32 bytes. */
struct process {
    int32_t pid;
    int32_t pidfd;
    int32_t fd_stat;        /* of /proc/PID/stat */
    int32_t fd_task;        /* of /proc/PID/task */
    int32_t fd_descriptors; /* of /proc/PID/fd */
    int32_t left_alone;     /* not to be stopped: it is stopped already, or its cgroup is frozen */
    int64_t descriptors;    /* how many it had, or -1 where the kernel does not tell */
};

/* A cgroup to be frozen, as Java lays it out: 8 bytes. */
struct cgroup {
    int32_t fd_control; /* its cgroup.freeze, or in version 1 its freezer.state */
    int32_t fd_events;  /* its cgroup.events; -1 in version 1 */
};

/* As Java lays it out: 64 bytes. */
struct window {
    int64_t processes;       /* address of the processes, ascending by pid */
    int64_t known;           /* address of the pids that were there when these were found, int32_t, ascending */
    int64_t cgroups;         /* address of the cgroups */
    int64_t captures;        /* address of the captures */
    int32_t processes_count;
    int32_t known_count;     /* 0 if others that have been forked since do not matter */
    int32_t cgroups_count;
    int32_t captures_count;
    int32_t changed;         /* out: whether a process has more or fewer descriptors, or a child that was not known */
    int32_t left_standing;   /* out: whether something could not be let run again */
    int64_t nanos;           /* out: for how long they stood still */
};

static int64_t now_nanos(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

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

/* The fields of a stat file from the state on; NULL if the task is gone. */
static const char *stat_fields(int fd, char *text, size_t size)
{
    const ssize_t length = pread(fd, text, size - 1, 0);
    char *name_end;

    if (length <= 0)
        return NULL;
    text[length] = '\0';
    name_end = strrchr(text, ')');
    return name_end == NULL || name_end[1] == '\0' ? NULL : name_end + 2;
}

static int is_still(const char *fields)
{
    return fields == NULL || strchr("TtZX", fields[0]) != NULL;
}

static long field(const char *fields, int index)
{
    while (index-- > 0 && fields != NULL) {
        fields = strchr(fields, ' ');
        fields = fields == NULL ? NULL : fields + 1;
    }
    return fields == NULL ? 0 : atol(fields);
}

/*
 * The stat file of what a number in a folder of /proc names. Put together by hand: with a checked snprintf the library would
 * need glibc.
 */
static int open_stat(int fd_folder, const char *number)
{
    static const char file[] = "/stat";
    char path[32];
    char *at = path;

    while (*number != '\0' && at < path + sizeof path - sizeof file)
        *at++ = *number++;
    memcpy(at, file, sizeof file);
    return openat(fd_folder, path, O_RDONLY | O_CLOEXEC);
}

/* Whether what a number in a folder of /proc names stands still: 1, 0, or -errno if it cannot be told. */
static int is_task_still(int fd_folder, const char *number)
{
    const int fd = open_stat(fd_folder, number);
    char text[1024];
    int still;

    if (fd == -1)
        return errno == ENOENT || errno == ESRCH ? 1 : -errno;
    still = is_still(stat_fields(fd, text, sizeof text));
    close(fd);
    return still;
}

typedef int (*entry_check)(int fd_folder, const char *number, const struct window *w);

/* Whether a check holds, with 1, for every number that a folder of /proc has an entry for; else what it said first. */
static int holds_for_all(int fd_folder, entry_check check, const struct window *w)
{
    _Alignas(struct dirent) char entries[4096];
    long length;
    long at;
    int held = 1;

    if (lseek(fd_folder, 0, SEEK_SET) == -1)
        return -errno;
    while ((length = syscall(SYS_getdents64, fd_folder, entries, sizeof entries)) > 0) {
        for (at = 0; at < length;) {
            const struct dirent *entry = (const struct dirent *)(const void *)(entries + at);
            const char first = entry->d_name[0];

            if (first >= '0' && first <= '9')
                held = check(fd_folder, entry->d_name, w);
            if (held != 1)
                return held;
            at += entry->d_reclen;
        }
    }
    return length == 0 ? 1 : -errno;
}

static int thread_is_still(int fd_task, const char *number, const struct window *w)
{
    (void)w;
    return is_task_still(fd_task, number);
}

/* 1, 0, or -errno if it cannot be told. */
static int process_is_still(const struct process *p)
{
    char text[1024];
    const char *fields = stat_fields(p->fd_stat, text, sizeof text);

    if (fields == NULL)
        return 1;
    if (!is_still(fields))
        return 0;
    /* A leading thread that has ended is still; others may not be. */
    return field(fields, THREADS_FIELD) <= 1 ? 1 : holds_for_all(p->fd_task, thread_is_still, NULL);
}

static int send_signal(const struct process *p, int signal)
{
    return syscall(SYS_pidfd_send_signal, p->pidfd, signal, NULL, 0) == -1 && errno != ESRCH ? -errno : 0;
}

static int tell(const struct cgroup *c, const char *second, const char *first)
{
    const char *text = c->fd_events >= 0 ? second : first;

    return pwrite(c->fd_control, text, strlen(text), 0) == -1 ? -errno : 0;
}

static int cgroup_is_still(const struct cgroup *c)
{
    char text[256];
    const ssize_t length = pread(c->fd_events >= 0 ? c->fd_events : c->fd_control, text, sizeof text - 1, 0);

    if (length == -1)
        return errno == ENODEV; /* removed, and so empty */
    text[length] = '\0';
    return strstr(text, c->fd_events >= 0 ? "frozen 1" : "FROZEN") != NULL;
}

/* Returns 0, or -ETIMEDOUT once the patience is over. */
static int wait_a_little(int64_t began)
{
    const int64_t waited = now_nanos() - began;
    const struct timespec step = {.tv_sec = 0, .tv_nsec = STEP_NANOS};

    if (waited > PATIENCE_NANOS)
        return -ETIMEDOUT;
    if (waited > SPIN_NANOS)
        nanosleep(&step, NULL);
    return 0;
}

static int stop_all(const struct window *w, int64_t began, int32_t *signalled)
{
    const struct process *processes = SP_POINTER(const struct process, w->processes);
    const struct cgroup *cgroups = SP_POINTER(const struct cgroup, w->cgroups);
    int32_t i;
    int result = 0;

    for (i = 0; i < w->cgroups_count && result == 0; i++)
        result = tell(&cgroups[i], "1", "FROZEN");
    for (i = 0; i < w->processes_count && result == 0; i++) {
        result = processes[i].left_alone ? 0 : send_signal(&processes[i], SIGSTOP);
        *signalled = result == 0 ? i + 1 : i;
    }
    for (i = 0; i < w->cgroups_count; i++) {
        while (result == 0 && !cgroup_is_still(&cgroups[i]))
            result = wait_a_little(began);
    }
    for (i = 0; i < w->processes_count; i++) {
        int still = processes[i].left_alone;

        while (result == 0 && still != 1) {
            still = process_is_still(&processes[i]);
            if (still != 1)
                result = still < 0 ? still : wait_a_little(began);
        }
    }
    return result;
}

/* Goes on where something fails. Returns 0, or the first -errno. */
static int resume_all(const struct window *w, int32_t signalled)
{
    const struct process *processes = SP_POINTER(const struct process, w->processes);
    const struct cgroup *cgroups = SP_POINTER(const struct cgroup, w->cgroups);
    int result = 0;
    int32_t i;

    for (i = 0; i < w->cgroups_count; i++) {
        const int told = tell(&cgroups[i], "0", "THAWED");

        result = result == 0 && told != -ENODEV ? told : result;
    }
    for (i = 0; i < signalled; i++) {
        const int sent = processes[i].left_alone ? 0 : send_signal(&processes[i], SIGCONT);

        result = result == 0 ? sent : result;
    }
    return result;
}

/* Whether a process was there before, or is no child of those that stand still. */
static int is_no_newcomer(int fd_proc, const char *number, const struct window *w)
{
    const struct process *processes = SP_POINTER(const struct process, w->processes);
    char text[1024];
    const char *fields;
    int32_t parent;
    int32_t i;
    int fd;

    if (is_among(SP_POINTER(const int32_t, w->known), w->known_count, atoi(number)))
        return 1;
    fd = open_stat(fd_proc, number);
    if (fd == -1)
        return 1;
    fields = stat_fields(fd, text, sizeof text);
    close(fd);
    parent = fields == NULL ? 0 : (int32_t)field(fields, PARENT_FIELD);
    for (i = 0; i < w->processes_count; i++) {
        if (processes[i].pid == parent)
            return 0;
    }
    return 1;
}

static int has_changed(const struct window *w)
{
    const struct process *processes = SP_POINTER(const struct process, w->processes);
    int32_t i;
    int fd_proc;
    int complete;

    for (i = 0; i < w->processes_count; i++) {
        struct stat st;

        if (processes[i].descriptors >= 0
            && (syscall(SYS_fstat, processes[i].fd_descriptors, &st) == -1 || st.st_size != processes[i].descriptors))
            return 1;
    }
    if (w->known_count == 0)
        return 0;
    fd_proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    complete = fd_proc != -1 && holds_for_all(fd_proc, is_no_newcomer, w) == 1;
    if (fd_proc != -1)
        close(fd_proc);
    return !complete;
}

/*
 * More than one system call: from the first process that stands still to the last that runs again nothing of the JVM's may come
 * between, which takes longer than all of it when it runs for the first time. Whatever fails, every process that was stopped
 * here runs again, or the window says that one may not.
 * Returns how many captures failed, or -errno.
 */
int32_t sp_capture_standing(int64_t window_address)
{
    struct window *w = SP_POINTER(struct window, window_address);
    const int64_t began = now_nanos();
    int32_t signalled = 0; /* of the processes, from the first on; the others were never stopped */
    int32_t result = stop_all(w, began, &signalled);
    int resumed;

    if (result == 0) {
        result = sp_take_captures(SP_POINTER(struct sp_capture, w->captures), w->captures_count);
        w->changed = has_changed(w);
    }
    resumed = resume_all(w, signalled);
    w->left_standing = resumed != 0;
    w->nanos = now_nanos() - began;
    return result < 0 || resumed == 0 ? result : resumed;
}
