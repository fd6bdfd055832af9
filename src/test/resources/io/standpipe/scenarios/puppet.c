/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that does with its descriptors what it is told: a line with a call and its arguments is answered by a line
 * with what the call returned, or with the name of its error. It is told through a unix-domain socket, whose path is
 * its only argument, so that it has no pipe of its own. It says its pid first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define COMMANDS_FD 500 /* out of the way of the numbers that it is told */
#define ANSWERS_FD 501
#define MOST_ARGUMENTS 4
#define MOST_SIGNALS 16

struct symbol {
    const char *name;
    long value;
};

static const struct symbol flags[] = {
    {"O_WRONLY", O_WRONLY}, {"O_RDWR", O_RDWR}, {"O_NONBLOCK", O_NONBLOCK}, {"O_DIRECT", O_DIRECT},
    {"O_ASYNC", O_ASYNC}, {"O_APPEND", O_APPEND}, {"O_LARGEFILE", 0100000}, {NULL, 0}};
static const struct symbol events[] = {
    {"POLLIN", POLLIN}, {"POLLOUT", POLLOUT}, {"POLLERR", POLLERR}, {"POLLHUP", POLLHUP}, {NULL, 0}};
static const struct symbol others[] = {
    {"F_OWNER_TID", F_OWNER_TID}, {"F_OWNER_PID", F_OWNER_PID}, {"F_OWNER_PGRP", F_OWNER_PGRP}, {"SIGIO", SIGIO},
    {"SIGPIPE", SIGPIPE}, {"SIGUSR1", SIGUSR1}, {"SIGURG", SIGURG}, {NULL, 0}};
static const struct symbol errors[] = {
    {"EAGAIN", EAGAIN}, {"EBADF", EBADF}, {"EBUSY", EBUSY}, {"EINVAL", EINVAL}, {"ENOENT", ENOENT}, {"ENXIO", ENXIO},
    {"EPIPE", EPIPE}, {NULL, 0}};

static const char *socket_path;
static FILE *commands;
static FILE *answers;
static siginfo_t caught[MOST_SIGNALS];
static volatile sig_atomic_t caught_count;

static void connect_anew(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (commands != NULL) {
        fclose(commands);
        fclose(answers);
    }
    strncpy(address.sun_path, socket_path, sizeof address.sun_path - 1);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == -1 || dup2(fd, COMMANDS_FD) == -1
        || dup2(fd, ANSWERS_FD) == -1)
        _exit(1);
    close(fd);
    commands = fdopen(COMMANDS_FD, "r");
    answers = fdopen(ANSWERS_FD, "w");
}

static int find(const struct symbol *table, const char *name, size_t length, long *value)
{
    for (; table->name != NULL; table++) {
        if (strlen(table->name) == length && memcmp(table->name, name, length) == 0) {
            *value = table->value;
            return 1;
        }
    }
    return 0;
}

/* A number, or names joined by bars. */
static int number(const char *word)
{
    long all = 0;

    while (*word != '\0') {
        size_t length = strcspn(word, "|");
        long value = 0;

        if (!find(flags, word, length, &value) && !find(events, word, length, &value)
            && !find(others, word, length, &value))
            value = strtol(word, NULL, 0);
        all |= value;
        word += length + (word[length] == '|');
    }
    return (int)all;
}

static void answer_names(const struct symbol *table, long value)
{
    const char *separator = "";

    for (; table->name != NULL; table++) {
        if ((value & table->value) == table->value) {
            fprintf(answers, "%s%s", separator, table->name);
            value &= ~table->value;
            separator = "|";
        }
    }
    if (value != 0 || *separator == '\0')
        fprintf(answers, "%s%ld", separator, value);
}

static void answer_result(long result)
{
    const struct symbol *error = errors;

    if (result != -1) {
        fprintf(answers, "%ld", result);
        return;
    }
    while (error->name != NULL && error->value != errno)
        error++;
    fprintf(answers, "%s", error->name != NULL ? error->name : "an error without a name here");
}

static int place(int from, int to)
{
    int result = from == -1 || from == to ? from : dup2(from, to);

    if (result != -1 && from != to)
        close(from);
    return result;
}

static int make_pipe(int read_end, int write_end)
{
    int ends[2];
    int apart[2];

    if (pipe(ends) == -1)
        return -1;
    /* First out of the way, so that neither end is in the other's place. */
    apart[0] = fcntl(ends[0], F_DUPFD, ANSWERS_FD + 1);
    apart[1] = fcntl(ends[1], F_DUPFD, ANSWERS_FD + 1);
    close(ends[0]);
    close(ends[1]);
    return place(apart[0], read_end) == -1 || place(apart[1], write_end) == -1 ? -1 : 0;
}

/* Both answer with the child's pid: the parent to who told it, the child through a connection of its own. */
static int fork_puppet(void)
{
    int pid = fork();

    if (pid == 0) {
        connect_anew();
        pid = getpid();
    }
    return pid;
}

static int reopen(int fd, int mode)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, mode);
}

static void answer_bytes(int fd, int count)
{
    unsigned char *bytes = malloc((size_t)count);
    ssize_t length = read(fd, bytes, (size_t)count);
    ssize_t i;

    if (length == -1)
        answer_result(-1);
    for (i = 0; i < length; i++)
        fprintf(answers, "%02x", bytes[i]);
    free(bytes);
}

static long write_bytes(int fd, const char *hex)
{
    size_t count = strlen(hex) / 2;
    unsigned char *bytes = malloc(count);
    ssize_t length;
    size_t i;

    for (i = 0; i < count; i++) {
        const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};

        bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    length = write(fd, bytes, count);
    free(bytes);
    return length;
}

static void note_signal(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number;
    (void)context;
    if (caught_count < MOST_SIGNALS)
        caught[caught_count++] = *info;
}

static int catch_signal(int signal_number)
{
    struct sigaction action = {.sa_sigaction = note_signal, .sa_flags = SA_SIGINFO | SA_RESTART};

    return sigaction(signal_number, &action, NULL);
}

/* Those that came since they were asked for last; of one that tells why it came, also the descriptor and the events. */
static void answer_signals(void)
{
    int i;

    for (i = 0; i < caught_count; i++) {
        fprintf(answers, "%s%d", i == 0 ? "" : " ", caught[i].si_signo);
        if (caught[i].si_code > 0 && caught[i].si_code != SI_KERNEL) {
            fprintf(answers, ":%d:", caught[i].si_fd);
            answer_names(events, caught[i].si_band & (POLLIN | POLLOUT | POLLERR | POLLHUP));
        }
    }
    caught_count = 0;
}

static void answer_poll(int fd, int wanted)
{
    struct pollfd asked = {.fd = fd, .events = (short)wanted};

    if (poll(&asked, 1, 0) == -1)
        answer_result(-1);
    else
        answer_names(events, asked.revents);
}

static void answer_inode(int fd)
{
    struct stat status;

    if (fstat(fd, &status) == -1)
        answer_result(-1);
    else
        fprintf(answers, "0%o %u %u", status.st_mode & 07777, status.st_uid, status.st_gid);
}

static int queued(int fd)
{
    int count = 0;

    return ioctl(fd, FIONREAD, &count) == -1 ? -1 : count;
}

static int set_owner(int fd, int type, int id)
{
    const struct f_owner_ex owner = {.type = type, .pid = id};

    return fcntl(fd, F_SETOWN_EX, &owner);
}

static void answer(const char *call, char **words)
{
    int n[MOST_ARGUMENTS];
    int i;

    for (i = 0; i < MOST_ARGUMENTS; i++)
        n[i] = number(words[i]);
    if (strcmp(call, "pipe") == 0)
        answer_result(make_pipe(n[0], n[1]));
    else if (strcmp(call, "fork") == 0)
        answer_result(fork_puppet());
    else if (strcmp(call, "mkfifo") == 0)
        answer_result(mkfifo(words[0], 0600) == -1 ? -1 : chmod(words[0], (mode_t)n[1]));
    else if (strcmp(call, "unlink") == 0)
        answer_result(unlink(words[0]));
    else if (strcmp(call, "open") == 0)
        answer_result(place(open(words[0], n[1]), n[2]));
    else if (strcmp(call, "reopen") == 0)
        answer_result(place(reopen(n[0], n[1]), n[2]));
    else if (strcmp(call, "dup") == 0)
        answer_result(dup2(n[0], n[1]));
    else if (strcmp(call, "close") == 0)
        answer_result(close(n[0]));
    else if (strcmp(call, "read") == 0)
        answer_bytes(n[0], n[1]);
    else if (strcmp(call, "write") == 0)
        answer_result(write_bytes(n[0], words[1]));
    else if (strcmp(call, "tee") == 0)
        answer_result(tee(n[0], n[1], (size_t)n[2], SPLICE_F_NONBLOCK));
    else if (strcmp(call, "getfl") == 0)
        answer_names(flags, fcntl(n[0], F_GETFL));
    else if (strcmp(call, "setfl") == 0)
        answer_result(fcntl(n[0], F_SETFL, n[1]));
    else if (strcmp(call, "getpipe") == 0)
        answer_result(fcntl(n[0], F_GETPIPE_SZ));
    else if (strcmp(call, "setpipe") == 0)
        answer_result(fcntl(n[0], F_SETPIPE_SZ, n[1]));
    else if (strcmp(call, "poll") == 0)
        answer_poll(n[0], n[1]);
    else if (strcmp(call, "queued") == 0)
        answer_result(queued(n[0]));
    else if (strcmp(call, "inode") == 0)
        answer_inode(n[0]);
    else if (strcmp(call, "chmod") == 0)
        answer_result(fchmod(n[0], (mode_t)n[1]));
    else if (strcmp(call, "chown") == 0)
        answer_result(fchown(n[0], (uid_t)n[1], (gid_t)n[2]));
    else if (strcmp(call, "setown") == 0)
        answer_result(set_owner(n[0], n[1], n[2]));
    else if (strcmp(call, "setsig") == 0)
        answer_result(fcntl(n[0], F_SETSIG, n[1]));
    else if (strcmp(call, "catch") == 0)
        answer_result(catch_signal(n[0]));
    else if (strcmp(call, "signals") == 0)
        answer_signals();
    else
        fprintf(answers, "no such call");
    fputc('\n', answers);
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t size = 0;

    if (argc != 2)
        return 2;
    socket_path = argv[1];
    signal(SIGCHLD, SIG_IGN); /* nobody waits for those that it forks */
    connect_anew();
    fprintf(answers, "%d\n", getpid());
    while (fflush(answers) == 0 && getline(&line, &size, commands) > 0) {
        char *words[MOST_ARGUMENTS + 1];
        char *rest = line;
        int i;

        for (i = 0; i <= MOST_ARGUMENTS; i++) {
            char *word = strtok_r(rest, " \n", &rest);

            words[i] = word != NULL ? word : "";
        }
        answer(words[0], words + 1);
    }
    return 0;
}
