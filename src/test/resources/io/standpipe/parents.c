/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parents that notice a child's stop, each with a child that reads a pipe for ever. Prints "ready"; then, for each line of input,
 * how often it has noticed something.
 */
#define _GNU_SOURCE
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t noticed;

/* As in many textbooks: waits, since a child must have ended. */
static void reap(int signal)
{
    int status;

    (void)signal;
    noticed++;
    wait(&status);
}

static pid_t start_reader(void)
{
    int ends[2];
    pid_t child;
    char byte;

    if (pipe(ends) == -1 || write(ends[1], "queued", 6) != 6)
        exit(2);
    child = fork();
    if (child == 0) {
        int rest[2];

        /* What it reads never comes, and what was queued stays. */
        signal(SIGCHLD, SIG_DFL);
        _exit(pipe(rest) == 0 && read(rest[0], &byte, 1) == 1);
    }
    return child;
}

static void answer(void)
{
    char line[64];

    while (fgets(line, sizeof line, stdin) != NULL)
        printf("noticed %d\n", (int)noticed);
}

static void wait_in_handler(void)
{
    signal(SIGCHLD, reap);
    start_reader();
    printf("ready\n");
    answer();
}

/* A second process waits for stops, as su and script do. */
static void wait_for_stops(void)
{
    int report[2];
    char byte;

    if (pipe(report) == -1)
        exit(2);
    if (fork() == 0) {
        const pid_t child = start_reader();
        int status;

        if (write(report[1], ".", 1) != 1)
            exit(2);
        while (waitpid(child, &status, WUNTRACED | WCONTINUED) == child && !WIFEXITED(status) && !WIFSIGNALED(status))
            kill(getppid(), SIGUSR1);
        _exit(0);
    }
    if (read(report[0], &byte, 1) != 1)
        exit(2);
    printf("ready\n");
    answer();
}

static void count(int signal)
{
    (void)signal;
    noticed++;
}

/* An interactive shell with a pipeline in the foreground of its terminal. */
static void run_shell(char **shell)
{
    int terminal;
    const pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
    char line[64];

    if (pid == 0) {
        execvp(shell[0], shell);
        _exit(127);
    }
    if (write(terminal, "sleep 1000 | sleep 1000\n", 24) != 24)
        exit(2);
    /* There is no group before the shell has the terminal, and then the shell's own. */
    while (tcgetpgrp(terminal) <= 0 || tcgetpgrp(terminal) == pid)
        usleep(10000);
    printf("ready\n");
    while (fgets(line, sizeof line, stdin) != NULL) {
        /* The shell takes the terminal back when it learns that the job has stopped. */
        usleep(300000);
        printf("noticed %d\n", tcgetpgrp(terminal) == pid);
    }
    kill(-tcgetpgrp(terminal), SIGKILL);
    kill(pid, SIGKILL);
}

int main(int count_of_arguments, char **arguments)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGUSR1, count);
    if (count_of_arguments < 2)
        return 2;
    if (strcmp(arguments[1], "handler") == 0)
        wait_in_handler();
    else if (strcmp(arguments[1], "stops") == 0)
        wait_for_stops();
    else
        run_shell(arguments + 1);
    return 0;
}
