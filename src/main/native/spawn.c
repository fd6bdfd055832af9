/* SPDX-License-Identifier: Apache-2.0 */
/* A child becomes a command, which gets chosen fds. */
#define _GNU_SOURCE
#include "move.h"
#include "standpipe.h"
#include "syscall.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_PLAIN 3 /* the first fd that is not standard input, output or error */
#define GO 'G'
#define NOT_FOUND 127
#define NOT_EXECUTABLE 126

static const uint64_t all_signals = UINT64_MAX;

struct command {
    const char *path;
    char *const *argv;
    char *const *script_argv; /* /bin/sh, the path and the arguments */
    const struct sp_plan *plan;
    const struct sp_settings *settings;
    char *const *environment;
    uint64_t signal_mask;
    int32_t fd_gate;
    int32_t fd_report;
};

/* The functions up to run() run in the child of a process with many threads: they make async-signal-safe calls only. */

/* Exec would do the same, but pending signals are delivered before it, and the handlers are the JVM's. */
static void drop_handlers(void)
{
    const struct sigaction by_default = {.sa_handler = SIG_DFL};
    struct sigaction action;
    int signo;

    for (signo = 1; signo < _NSIG; signo++) {
        if (sigaction(signo, NULL, &action) == 0 && action.sa_handler != SIG_IGN && action.sa_handler != SIG_DFL)
            sigaction(signo, &by_default, NULL);
    }
}

/* Each step returns 0, or which call failed, with errno set. */

/*
 * Closes all fds that the command does not get. Close-on-exec would be too late: the child has a duplicate of the gate's write end,
 * and as long as it is open, the child does not see the gate's end when the parent ends.
 */
static enum sp_call close_others(const struct command *c)
{
    const int32_t also[2] = {c->fd_gate, c->fd_report};
    uint32_t first;

    for (first = 0; first < FIRST_PLAIN; first++) {
        if (!sp_is_kept(c->plan, first) && (int32_t)first != c->fd_gate && (int32_t)first != c->fd_report &&
            fcntl((int)first, F_GETFD) == FD_CLOEXEC)
            close((int)first);
    }
    return sp_drop_others(c->plan, also, FIRST_PLAIN, 0);
}

static enum sp_call keep_from_command(const struct command *c)
{
    return fcntl(c->fd_gate, F_SETFD, FD_CLOEXEC) == 0 && fcntl(c->fd_report, F_SETFD, FD_CLOEXEC) == 0 ? 0 : SP_FCNTL;
}

static enum sp_call wait_at(int32_t fd_gate)
{
    char byte = 0;
    ssize_t length;

    do {
        length = read(fd_gate, &byte, 1);
    } while (length == -1 && errno == EINTR);
    if (length == -1)
        return SP_READ;
    if (length != 1 || byte != GO)
        _exit(NOT_FOUND);
    return 0;
}

static enum sp_call become(const struct command *c)
{
    struct sp_own own;
    int cause;

    sp_hand_back(c->settings, &own);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &c->signal_mask, NULL, sizeof c->signal_mask);
    execve(c->path, c->argv, c->environment);
    if (errno == ENOEXEC)
        execve("/bin/sh", c->script_argv, c->environment);
    cause = errno;
    /* Blocks SIGPIPE, which comes if nobody reads the report. */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, NULL, sizeof all_signals);
    errno = cause;
    return SP_EXECVE;
}

static _Noreturn void run(const struct command *c)
{
    enum sp_call failed;
    int32_t report[2];
    ssize_t written;

    drop_handlers();
    failed = sp_apply_settings(c->settings);
    if (failed == 0)
        failed = sp_make_moves(c->plan);
    if (failed == 0)
        failed = close_others(c);
    if (failed == 0)
        failed = keep_from_command(c);
    if (failed == 0)
        failed = wait_at(c->fd_gate);
    if (failed == 0)
        failed = become(c);
    report[0] = errno;
    report[1] = (int32_t)failed;
    do {
        written = write(c->fd_report, report, sizeof report);
    } while (written == -1 && errno == EINTR); /* after any other error nobody reads the report */
    _exit(report[0] == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

/*
 * More than one system call, because the child cannot run Java code between fork and execve. It blocks all signals until it is
 * through the gate, so that signals sent meanwhile stay pending. If the gate ends first it exits with 127. If it cannot become the
 * command, it writes two int32_t to the report, errno and which call failed, and exits with 127 for ENOENT, otherwise with 126.
 * If it becomes the command the report ends empty.
 */
int32_t sp_spawn(int64_t path_address, int64_t argv_address, int64_t script_argv_address, int64_t plan_address,
                 int64_t settings_address, int64_t signal_mask, int32_t fd_gate, int32_t fd_report)
{
    const struct sp_settings *settings = SP_POINTER(const struct sp_settings, settings_address);
    const struct command c = {
        .path = SP_POINTER(const char, path_address),
        .argv = SP_POINTER(char *const, argv_address),
        .script_argv = SP_POINTER(char *const, script_argv_address),
        .plan = SP_POINTER(const struct sp_plan, plan_address),
        .settings = settings,
        .environment = settings->environment == 0 ? environ : SP_POINTER(char *const, settings->environment),
        .signal_mask = (uint64_t)signal_mask,
        .fd_gate = fd_gate,
        .fd_report = fd_report,
    };
    uint64_t mask_before = 0;
    int32_t child;

    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, &mask_before, sizeof mask_before);
    child = fork();
    if (child == 0)
        run(&c);
    if (child == -1)
        child = -errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, sizeof mask_before);
    return child;
}
