/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keeper COMMAND...: runs the command in a session of its own, and becomes the parent of all its descendants that lose theirs, whom
 * it reaps at once; an init may take seconds. Prints the command's pid, and how it ended: its exit status, or 128 and its signal. Ends
 * when no process is left. The command's standard output is the standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int status;
    pid_t pid;
    pid_t ended;

    if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) == -1)
        return 2;
    pid = fork();
    if (pid == -1)
        return 2;
    if (pid == 0) {
        // A shell ignores it for what it starts in the background, and so would the command.
        (void)signal(SIGINT, SIG_DFL);
        if (setsid() == -1 || dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
            _exit(127);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    printf("%d\n", pid);
    fflush(stdout);
    while ((ended = wait(&status)) != -1 || errno == EINTR) {
        if (ended == pid) {
            printf("%d\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
            fflush(stdout);
        }
    }
    return 0;
}
