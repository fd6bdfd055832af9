/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command, measures its time and its peak memory, and kills what the command leaves running. */
#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void become(char **command)
{
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (null == -1 || dup2(null, STDOUT_FILENO) == -1)
        fail("/dev/null");
    execvp(command[0], command);
    fail(command[0]);
}

/* A subreaper inherits the children of a command that has ended. None is left when this returns, and their pids are free. */
static void end_what_is_left(void)
{
    char path[64];
    FILE *children;
    int pid;

    if (waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD)
        return;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    children = fopen(path, "re");
    if (children == NULL)
        fail(path);
    while (fscanf(children, "%d", &pid) == 1)
        kill(pid, SIGKILL);
    fclose(children);
    while (wait(NULL) != -1 || errno == EINTR)
        ;
}

_Noreturn void run(char **command)
{
    uint64_t start;
    uint64_t end;
    pid_t pid;
    struct rusage usage;
    int status;

    if (prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
        fail("prctl(PR_SET_CHILD_SUBREAPER)");
    start = now_nanos();
    pid = fork();
    if (pid == -1)
        fail("fork");
    if (pid == 0)
        become(command);
    if (wait4(pid, &status, 0, &usage) == -1)
        fail("wait4");
    end = now_nanos();
    end_what_is_left();
    printf("%llu %ld\n", (unsigned long long)(end - start), usage.ru_maxrss);
    exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}
