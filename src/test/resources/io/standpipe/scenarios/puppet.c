/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that does with its descriptors what it is told: a line with a call and its arguments is answered by a line
 * with what the call returned, or with the name of its error. It is told through a unix-domain socket, whose path is
 * its only argument, so that it has no pipe of its own. It says its pid first. While it rests, it is not connected.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_FD 500 /* out of the way of the numbers that it is told */
#define ANSWERS_FD 501
#define MOST_FDS 1024
#define MOST_ARGUMENTS 4
#define MOST_SIGNALS 4096
#define MOST_EVENTS 16
#define F_GETOWNER_UIDS 17
#define SHORT_READ 32 /* up to so many bytes are answered as they are, more by their hash */
#define PAUSE_NANOS 20000000

struct symbol {
    const char *name;
    long value;
};

static const struct symbol flags[] = {
    {"O_WRONLY", O_WRONLY}, {"O_RDWR", O_RDWR}, {"O_NONBLOCK", O_NONBLOCK}, {"O_DIRECT", O_DIRECT},
    {"O_ASYNC", O_ASYNC}, {"O_APPEND", O_APPEND}, {"O_LARGEFILE", 0100000},
    {"O_PATH", O_PATH}, {NULL, 0}};
static const struct symbol events[] = {
    {"POLLIN", POLLIN}, {"POLLOUT", POLLOUT}, {"POLLERR", POLLERR}, {"POLLHUP", POLLHUP}, {NULL, 0}};
static const struct symbol others[] = {
    {"F_OWNER_TID", F_OWNER_TID}, {"F_OWNER_PID", F_OWNER_PID}, {"F_OWNER_PGRP", F_OWNER_PGRP}, {"SIGIO", SIGIO},
    {"SIGPIPE", SIGPIPE}, {"SIGUSR1", SIGUSR1}, {"SIGURG", SIGURG}, {"FD_CLOEXEC", FD_CLOEXEC}, {NULL, 0}};
static const struct symbol errors[] = {
    {"EAGAIN", EAGAIN}, {"EBADF", EBADF}, {"EBUSY", EBUSY}, {"EINVAL", EINVAL}, {"ENOENT", ENOENT}, {"ENXIO", ENXIO},
    {"EPERM", EPERM}, {"EPIPE", EPIPE}, {"ESRCH", ESRCH}, {NULL, 0}};

static const char *socket_path;
static FILE *commands;
static FILE *answers;
static siginfo_t caught[MOST_SIGNALS];
static volatile sig_atomic_t caught_count;

/* A call that waits, in a thread of its own. */
static struct {
    pthread_t thread;
    enum { READS, WRITES, OPENS } call;
    int fd;
    int count;
    char path[4096];
    unsigned char *bytes;
    long result;
    int error;
} waiting;

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

/* Goes on in a new connection, once there is somebody to connect to. */
static void rest(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NANOS};

    fclose(commands);
    fclose(answers);
    commands = NULL;
    while (access(socket_path, F_OK) == -1)
        nanosleep(&pause, NULL);
    connect_anew();
}

static int reopen(int fd, int mode)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, mode);
}

static void answer_hex(const unsigned char *bytes, long length)
{
    long i;

    for (i = 0; i < length; i++)
        fprintf(answers, "%02x", bytes[i]);
}

static void answer_bytes(int fd, int count)
{
    unsigned char *bytes = malloc((size_t)count);
    ssize_t length = read(fd, bytes, (size_t)count);

    if (length == -1)
        answer_result(-1);
    answer_hex(bytes, length);
    free(bytes);
}

static unsigned hash(const unsigned char *bytes, long length)
{
    unsigned hash = 2166136261u; /* FNV-1a */

    while (length-- > 0)
        hash = (hash ^ *bytes++) * 16777619u;
    return hash;
}

/* Reads without waiting for as long as there is something: each read's length and bytes, then the end or the error. */
static void answer_reads(int fd, int count)
{
    unsigned char *bytes = malloc((size_t)count);
    int before = fcntl(fd, F_GETFL);
    ssize_t length;

    fcntl(fd, F_SETFL, before | O_NONBLOCK);
    while ((length = read(fd, bytes, (size_t)count)) > 0) {
        fprintf(answers, "%zd:", length);
        if (length <= SHORT_READ)
            answer_hex(bytes, length);
        else
            fprintf(answers, "#%08x", hash(bytes, length));
        fputc(' ', answers);
    }
    answer_result(length);
    fcntl(fd, F_SETFL, before);
    free(bytes);
}

/* Writes without waiting for as long as there is room: how many whole writes, the length of one in part, the error. */
static void answer_writes(int fd, int count)
{
    unsigned char *bytes = malloc((size_t)count);
    unsigned char next = 0;
    int before = fcntl(fd, F_GETFL);
    ssize_t length = count;
    int whole = 0;
    int i;

    fcntl(fd, F_SETFL, before | O_NONBLOCK);
    while (length == count) {
        for (i = 0; i < count; i++)
            bytes[i] = next++;
        length = write(fd, bytes, (size_t)count);
        whole += length == count;
    }
    fprintf(answers, "%d ", whole);
    answer_result(length);
    fcntl(fd, F_SETFL, before);
    free(bytes);
}

static void *wait_in_call(void *unused)
{
    (void)unused;
    if (waiting.call == OPENS)
        waiting.result = open(waiting.path, O_RDONLY);
    else if (waiting.call == WRITES)
        waiting.result = write(waiting.fd, waiting.bytes, (size_t)waiting.count);
    else
        waiting.result = read(waiting.fd, waiting.bytes, (size_t)waiting.count);
    waiting.error = errno;
    return NULL;
}

static int start_call(const char *call, const char *path_or_fd, int count)
{
    waiting.call = strcmp(call, "open") == 0 ? OPENS : strcmp(call, "write") == 0 ? WRITES : READS;
    strncpy(waiting.path, path_or_fd, sizeof waiting.path - 1);
    waiting.fd = atoi(path_or_fd);
    waiting.count = count;
    waiting.bytes = calloc(1, (size_t)count + 1);
    return pthread_create(&waiting.thread, NULL, wait_in_call, NULL) == 0 ? 0 : -1;
}

/* What the call in the thread has returned, once it has. */
static void answer_call(void)
{
    pthread_join(waiting.thread, NULL);
    errno = waiting.error;
    answer_result(waiting.result);
    if (waiting.call == READS && waiting.result > 0) {
        fputc(' ', answers);
        answer_hex(waiting.bytes, waiting.result);
    }
    free(waiting.bytes);
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

static int is_like_before(int i)
{
    return i > 0 && caught[i].si_signo == caught[i - 1].si_signo && caught[i].si_fd == caught[i - 1].si_fd
        && caught[i].si_band == caught[i - 1].si_band;
}

/*
 * Those that came since they were asked for last; of one that tells why it came, also the descriptor and the events. Several of a kind
 * are answered once, since it is chance how many of them merge while the process does not run.
 */
static void answer_signals(void)
{
    int i;

    for (i = 0; i < caught_count; i++) {
        if (is_like_before(i))
            continue;
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

/* Who set the owner decides whom it may send signals to. */
static void answer_owner_uids(int fd)
{
    uid_t uids[2];

    if (fcntl(fd, F_GETOWNER_UIDS, uids) == -1)
        answer_result(-1);
    else
        fprintf(answers, "%u %u", uids[0], uids[1]);
}

static void answer_owner(int fd)
{
    static const char *const types[] = {"F_OWNER_TID", "F_OWNER_PID", "F_OWNER_PGRP"};
    struct f_owner_ex owner;

    if (fcntl(fd, F_GETOWN_EX, &owner) == -1)
        answer_result(-1);
    else
        fprintf(answers, "%s %d", types[owner.type], owner.pid);
}

/* "pipe", or the name of a FIFO. */
static void answer_name(int fd)
{
    char link[32];
    char path[4096];
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length == -1) {
        answer_result(-1);
        return;
    }
    path[length] = '\0';
    fprintf(answers, "%s", strncmp(path, "pipe:[", 6) == 0 ? "pipe" : strrchr(path, '/') + 1);
}

/* All fds of pipes. */
static void answer_fds(void)
{
    const char *separator = "";
    struct stat status;
    int fd;

    for (fd = 0; fd < MOST_FDS; fd++) {
        if (fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode)) {
            fprintf(answers, "%s%d", separator, fd);
            separator = " ";
        }
    }
}

static int watch(int set, int fd, int wanted)
{
    struct epoll_event event = {.events = (unsigned)wanted, .data.fd = fd};

    return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

static int by_fd(const void *one, const void *other)
{
    return ((const struct epoll_event *)one)->data.fd - ((const struct epoll_event *)other)->data.fd;
}

static void answer_events(int set)
{
    struct epoll_event ready[MOST_EVENTS];
    int count = epoll_wait(set, ready, MOST_EVENTS, 0);
    int i;

    if (count == -1)
        answer_result(-1);
    else
        qsort(ready, (size_t)count, sizeof *ready, by_fd);
    for (i = 0; i < count; i++) {
        fprintf(answers, "%s%d:", i == 0 ? "" : " ", ready[i].data.fd);
        answer_names(events, (long)ready[i].events);
    }
}

static int make_sockets(int one, int other)
{
    int ends[2];

    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1 || place(ends[1], other) == -1 ? -1 : place(ends[0], one);
}

/* Sends fd through the socket with one byte, or takes one that was sent and places it there. */
static int pass(int through, int fd, int takes)
{
    char byte = 'f';
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))}};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.space};
    int received;

    if (!takes) {
        memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
        return (int)sendmsg(through, &message, 0);
    }
    if (recvmsg(through, &message, 0) != 1)
        return -1;
    memcpy(&received, CMSG_DATA(&control.header), sizeof received);
    return place(received, fd);
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

static int set_owner_as(int user, int fd, int type, int id)
{
    int result;

    if (setresuid((uid_t)user, (uid_t)user, 0) == -1)
        return -1;
    result = set_owner(fd, type, id);
    return setresuid(0, 0, 0) == -1 ? -1 : result;
}

/* A process that has the same table of fds, and does nothing. */
static int share_table(void)
{
    int pid = (int)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);

    while (pid == 0)
        pause();
    return pid;
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
    else if (strcmp(call, "rest") == 0) {
        rest();
        answer_result(getpid());
    } else if (strcmp(call, "mkfifo") == 0)
        answer_result(mkfifo(words[0], 0600) == -1 ? -1 : chmod(words[0], (mode_t)n[1]));
    else if (strcmp(call, "share") == 0)
        answer_result(share_table());
    else if (strcmp(call, "setsid") == 0)
        answer_result(setsid());
    else if (strcmp(call, "setpgid") == 0)
        answer_result(setpgid(n[0], n[1]));
    else if (strcmp(call, "exit") == 0)
        exit(0);
    else if (strcmp(call, "rename") == 0)
        answer_result(rename(words[0], words[1]));
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
    else if (strcmp(call, "reads") == 0)
        answer_reads(n[0], n[1]);
    else if (strcmp(call, "writes") == 0)
        answer_writes(n[0], n[1]);
    else if (strcmp(call, "wait") == 0)
        answer_result(start_call(words[0], words[1], n[2]));
    else if (strcmp(call, "waited") == 0)
        answer_call();
    else if (strcmp(call, "tee") == 0)
        answer_result(tee(n[0], n[1], (size_t)n[2], SPLICE_F_NONBLOCK));
    else if (strcmp(call, "getfl") == 0)
        answer_names(flags, fcntl(n[0], F_GETFL));
    else if (strcmp(call, "setfl") == 0)
        answer_result(fcntl(n[0], F_SETFL, n[1]));
    else if (strcmp(call, "getfd") == 0)
        answer_result(fcntl(n[0], F_GETFD));
    else if (strcmp(call, "setfd") == 0)
        answer_result(fcntl(n[0], F_SETFD, n[1]));
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
    else if (strcmp(call, "name") == 0)
        answer_name(n[0]);
    else if (strcmp(call, "fds") == 0)
        answer_fds();
    else if (strcmp(call, "epoll") == 0)
        answer_result(place(epoll_create1(0), n[0]));
    else if (strcmp(call, "watch") == 0)
        answer_result(watch(n[0], n[1], n[2]));
    else if (strcmp(call, "events") == 0)
        answer_events(n[0]);
    else if (strcmp(call, "sockets") == 0)
        answer_result(make_sockets(n[0], n[1]));
    else if (strcmp(call, "pass") == 0)
        answer_result(pass(n[0], n[1], 0));
    else if (strcmp(call, "take") == 0)
        answer_result(pass(n[0], n[1], 1));
    else if (strcmp(call, "chmod") == 0)
        answer_result(fchmod(n[0], (mode_t)n[1]));
    else if (strcmp(call, "chown") == 0)
        answer_result(fchown(n[0], (uid_t)n[1], (gid_t)n[2]));
    else if (strcmp(call, "setown") == 0)
        answer_result(set_owner(n[0], n[1], n[2]));
    else if (strcmp(call, "getown") == 0)
        answer_owner(n[0]);
    else if (strcmp(call, "owneruids") == 0)
        answer_owner_uids(n[0]);
    else if (strcmp(call, "setownas") == 0)
        answer_result(set_owner_as(n[0], n[1], n[2], n[3]));
    else if (strcmp(call, "getsig") == 0)
        answer_result(fcntl(n[0], F_GETSIG));
    else if (strcmp(call, "setsig") == 0)
        answer_result(fcntl(n[0], F_SETSIG, n[1]));
    else if (strcmp(call, "catch") == 0)
        answer_result(catch_signal(n[0]));
    else if (strcmp(call, "ignore") == 0)
        answer_result(signal(n[0], SIG_IGN) == SIG_ERR ? -1 : 0);
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
