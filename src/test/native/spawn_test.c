/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "check.h"
#include "move.h"
#include "old_kernel.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A command that is started, and the pipes to it. */
struct stage {
    struct pipe_ends gate;
    struct pipe_ends report;
    struct pipe_ends output;
    int32_t pid;
};

/* It has the output at 1 and at 60; the read end of the gate and the write end of the report stay with it. */
static struct stage start_with(const char *path, char *const *argv, const struct sp_settings *settings)
{
    char *const script[] = {"/bin/sh", (char *)(uintptr_t)path, NULL};
    struct stage s = {.gate = open_pipe(), .report = open_pipe(), .output = open_pipe()};
    const int at_its_number = fcntl(s.output.write, F_DUPFD_CLOEXEC, 60);
    const int32_t plan[] = {2, 2, s.output.write, 1, at_its_number, at_its_number, 1, at_its_number};

    s.pid = sp_spawn(ADDRESS(path), ADDRESS(argv), ADDRESS(script), ADDRESS(plan), ADDRESS(settings), 0, s.gate.read,
                     s.report.write);
    close(at_its_number);
    close(s.gate.read);
    close(s.report.write);
    close(s.output.write);
    return s;
}

static struct stage start(const char *path, char *const *argv)
{
    return start_with(path, argv, &no_settings);
}

static void let_go(struct stage *s)
{
    put(s->gate.write, "G");
}

/* What it reported, and its status. */
static int32_t report_of(struct stage *s, int *status)
{
    int32_t cause = 0;

    EXPECT_TRUE(read(s->report.read, &cause, sizeof cause) != -1);
    *status = status_of(s->pid);
    close(s->gate.write);
    close(s->report.read);
    return cause;
}

static void a_command_runs_when_the_gate_opens(void)
{
    char *const argv[] = {"sh", "-c", "echo out; echo at its number >/proc/self/fd/60; exit 5", NULL};
    struct stage s = start("/bin/sh", argv);
    int status = 0;

    EXPECT_TRUE(s.pid > 0);
    EXPECT(0, waitpid(s.pid, NULL, WNOHANG));
    let_go(&s);
    EXPECT(0, report_of(&s, &status));
    EXPECT(5 << 8, status);
    EXPECT_TRUE(gives(s.output.read, "out\nat its number\n"));
    close(s.output.read);
}

static void a_command_gets_its_settings(void)
{
    char *const argv[] = {"sh", "-c", "pwd; umask; echo $OWN$PATH; [ $(ps -o sid= -p $$ 2>/dev/null || echo $$) = $$ ] && echo leads",
                          NULL};
    char *const environment[] = {"OWN=own ", "PATH=/bin:/usr/bin", NULL};
    struct sp_settings settings = no_settings;
    struct stage s;
    int status = 0;

    settings.environment = ADDRESS(environment);
    settings.fd_directory = open("/usr", O_PATH | O_DIRECTORY | O_CLOEXEC);
    settings.file_mask = 0057;
    settings.new_session = 1;
    s = start_with("/bin/sh", argv, &settings);
    let_go(&s);
    EXPECT(0, report_of(&s, &status));
    EXPECT(0, status);
    EXPECT_TRUE(gives(s.output.read, "/usr\n0057\nown /bin:/usr/bin\nleads\n"));
    close(settings.fd_directory);
    close(s.output.read);
}

static void a_command_gets_another_user(void)
{
    char *const argv[] = {"sh", "-c", "id -u; id -g; id -G", NULL};
    const uint32_t groups[] = {7, 9};
    struct sp_settings settings = no_settings;
    struct stage s;
    int status = 0;

    settings.groups = ADDRESS(groups);
    settings.groups_count = 2;
    for (int i = 0; i < 3; i++) {
        settings.users[i] = 65534;
        settings.group_ids[i] = 65533;
    }
    s = start_with("/bin/sh", argv, &settings);
    if (geteuid() == 0) {
        let_go(&s);
        EXPECT(0, report_of(&s, &status));
        EXPECT_TRUE(gives(s.output.read, "65534\n65533\n65533 7 9\n"));
    } else {
        EXPECT(EPERM, report_of(&s, &status));
        EXPECT(126 << 8, status);
    }
    close(s.output.read);
}

static void a_closed_gate_ends_it(void)
{
    char *const argv[] = {"sh", "-c", "echo ran", NULL};
    struct stage s = start("/bin/sh", argv);
    int status = 0;

    close(s.gate.write);
    status = status_of(s.pid);
    EXPECT(127 << 8, status);
    EXPECT_TRUE(gives(s.output.read, ""));
    EXPECT_TRUE(gives(s.report.read, ""));
    close(s.report.read);
    close(s.output.read);
}

static void another_byte_at_the_gate_ends_it(void)
{
    char *const argv[] = {"sh", "-c", "echo ran", NULL};
    struct stage s = start("/bin/sh", argv);
    int status = 0;

    put(s.gate.write, "g");
    EXPECT(0, report_of(&s, &status));
    EXPECT(127 << 8, status);
    EXPECT_TRUE(gives(s.output.read, ""));
    close(s.output.read);
}

/* Ends the process, with status 0 if the command has descriptor 60, which it is to have, and not 61. */
static void spawn_without_close_range(void)
{
    char *const argv[] = {"sh", "-c", "test -e /proc/self/fd/60 && ! test -e /proc/self/fd/61", NULL};
    struct stage s;
    int status = 0;

    if (have_no_close_range() == -1)
        _exit(98);
    dup2(STDERR_FILENO, 61);
    s = start("/bin/sh", argv);
    let_go(&s);
    EXPECT(0, report_of(&s, &status));
    EXPECT(0, status);
    _exit(failures());
}

static void the_same_without_close_range(void)
{
    const pid_t child = fork();
    int status;

    if (child == 0)
        spawn_without_close_range();
    status = status_of(child);
    if (status == 98 << 8)
        skip("system calls cannot be filtered here");
    else
        EXPECT(0, status);
}

static void a_command_that_is_not_there_is_reported(void)
{
    char *const argv[] = {"absent", NULL};
    struct stage s = start("/absent", argv);
    int status = 0;

    let_go(&s);
    EXPECT(ENOENT, report_of(&s, &status));
    EXPECT(127 << 8, status);
    close(s.output.read);
}

static void a_directory_is_no_command(void)
{
    char *const argv[] = {"directory", NULL};
    struct stage s = start("/tmp", argv);
    int status = 0;

    let_go(&s);
    EXPECT(EACCES, report_of(&s, &status));
    EXPECT(126 << 8, status);
    close(s.output.read);
}

/* An executable file without a #! line, which the shell runs. */
static void a_script_without_a_first_line_is_run_by_the_shell(void)
{
    const int directory = open_directory();
    const int script = openat(directory, "script", O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
    char path[64];
    char *const argv[] = {path, NULL};
    struct stage s;
    int status = 0;

    snprintf(path, sizeof path, "/proc/%d/fd/%d/script", (int)getpid(), directory);
    put(script, "echo from the script\n");
    close(script);
    s = start(path, argv);
    let_go(&s);
    EXPECT(0, report_of(&s, &status));
    EXPECT(0, status);
    EXPECT_TRUE(gives(s.output.read, "from the script\n"));
    close(s.output.read);
    remove_directory(directory);
}

static void a_descriptor_that_is_not_open_is_reported(void)
{
    char *const argv[] = {"sh", NULL};
    const int32_t plan[] = {1, 1, 9999, 7, 7};
    struct stage s = {.gate = open_pipe(), .report = open_pipe()};
    int status = 0;

    s.pid = sp_spawn(ADDRESS("/bin/sh"), ADDRESS(argv), ADDRESS(argv), ADDRESS(plan), ADDRESS(&no_settings), 0, s.gate.read,
                     s.report.write);
    close(s.gate.read);
    close(s.report.write);
    EXPECT(EBADF, report_of(&s, &status));
    EXPECT(126 << 8, status);
}

static void a_signal_at_the_gate_comes_after_it(void)
{
    char *const argv[] = {"sh", "-c", "sleep 1000", NULL};
    struct stage s = start("/bin/sh", argv);
    int status = 0;

    kill(s.pid, SIGTERM);
    EXPECT(0, waitpid(s.pid, NULL, WNOHANG));
    let_go(&s);
    EXPECT(0, report_of(&s, &status));
    EXPECT(SIGTERM, status);
    close(s.output.read);
}

const struct test spawn_tests[] = {
    {"sp_spawn", "a command runs when the gate opens", a_command_runs_when_the_gate_opens},
    {"sp_spawn", "a command gets its settings", a_command_gets_its_settings},
    {"sp_spawn", "a command gets another user", a_command_gets_another_user},
    {"sp_spawn", "the same on a kernel without close_range", the_same_without_close_range},
    {"sp_spawn", "a closed gate ends it", a_closed_gate_ends_it},
    {"sp_spawn", "another byte at the gate ends it", another_byte_at_the_gate_ends_it},
    {"sp_spawn", "a command that is not there is reported", a_command_that_is_not_there_is_reported},
    {"sp_spawn", "a directory is no command", a_directory_is_no_command},
    {"sp_spawn", "a script without a first line is run by the shell",
     a_script_without_a_first_line_is_run_by_the_shell},
    {"sp_spawn", "a descriptor that is not open is reported", a_descriptor_that_is_not_open_is_reported},
    {"sp_spawn", "a signal at the gate comes after it", a_signal_at_the_gate_comes_after_it},
    {0},
};
