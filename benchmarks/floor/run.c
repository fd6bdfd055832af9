/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command, for how long it takes and how much memory it has at most. */
#define _GNU_SOURCE
#include "floor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

_Noreturn void run(char **command)
{
    const uint64_t start = now_nanos();
    const pid_t pid = fork();
    struct rusage usage;
    int status;

    if (pid == -1)
        fail("fork");
    if (pid == 0)
        become(command);
    if (wait4(pid, &status, 0, &usage) == -1)
        fail("wait4");
    printf("%llu %ld\n", (unsigned long long)(now_nanos() - start), usage.ru_maxrss);
    exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}
