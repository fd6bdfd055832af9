/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { INODE, PEER, TYPE, STATE, NAMED, QUEUED, SENT_MEMORY, SENT_LIMIT, FIELDS };
enum { ROOM = 16384, PAIRS = 300, NOT_OPEN = 9999 };

static int64_t sockets[ROOM][FIELDS];

/* Why this kernel or emulator has no list of sockets; whether that is so. */
static int has_no_list(int64_t result)
{
    const int64_t error = error_of(result);

    if (error != -EPROTONOSUPPORT && error != -EAFNOSUPPORT && error != -ENOENT && error != -EPERM && error != -EOPNOTSUPP)
        return is_lacking(result);
    skip("the kernel lists no Unix sockets (sock_diag)");
    return 1;
}

static int64_t inode_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 ? (int64_t)st.st_ino : -1;
}

static const int64_t *record_of(int fd, int64_t count)
{
    static const int64_t none[FIELDS];
    int64_t i;

    for (i = 0; i < count && i < ROOM; i++) {
        if (sockets[i][INODE] == inode_of(fd))
            return sockets[i];
    }
    EXPECT_TRUE(!"the socket is in the list");
    return none;
}

static void unix_sockets_knows_both_ends_of_a_pair(void)
{
    int pair[2];
    int64_t count;

    EXPECT(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
    put(pair[0], "seven b");
    count = sp_unix_sockets(ADDRESS(sockets), ROOM);
    if (!has_no_list(count)) {
        EXPECT_TRUE(count >= 2);
        EXPECT(inode_of(pair[1]), record_of(pair[0], count)[PEER]);
        EXPECT(inode_of(pair[0]), record_of(pair[1], count)[PEER]);
        EXPECT(SOCK_STREAM, record_of(pair[0], count)[TYPE]);
        EXPECT(1, record_of(pair[0], count)[STATE]);
        EXPECT(0, record_of(pair[0], count)[NAMED]);
        EXPECT(0, record_of(pair[0], count)[QUEUED]);
        EXPECT(7, record_of(pair[1], count)[QUEUED]);
        EXPECT_TRUE(record_of(pair[0], count)[SENT_MEMORY] >= 7);
        EXPECT(0, record_of(pair[1], count)[SENT_MEMORY]);
        EXPECT_TRUE(record_of(pair[0], count)[SENT_LIMIT] >= 4096);
        close(pair[0]);
        count = sp_unix_sockets(ADDRESS(sockets), ROOM);
        EXPECT(0, record_of(pair[1], count)[PEER]);
        EXPECT(7, record_of(pair[1], count)[QUEUED]);
    } else {
        close(pair[0]);
    }
    close(pair[1]);
}

/* So many come in several messages. */
static void unix_sockets_counts_those_that_do_not_fit(void)
{
    static int pairs[PAIRS][2];
    int64_t count;
    int i;

    for (i = 0; i < PAIRS; i++)
        EXPECT(0, socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pairs[i]));
    memset(sockets, 0, sizeof sockets);
    count = sp_unix_sockets(ADDRESS(sockets), 1);
    if (!has_no_list(count)) {
        EXPECT_TRUE(count >= 2 * PAIRS);
        EXPECT_TRUE(sockets[0][INODE] != 0);
        EXPECT(0, sockets[1][INODE]);
        count = sp_unix_sockets(ADDRESS(sockets), ROOM);
        for (i = 0; i < PAIRS; i++) {
            EXPECT(inode_of(pairs[i][1]), record_of(pairs[i][0], count)[PEER]);
            EXPECT(SOCK_SEQPACKET, record_of(pairs[i][0], count)[TYPE]);
        }
    }
    for (i = 0; i < PAIRS; i++) {
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
}

/* A socket that listens at a name in a directory, open to everybody; fd_file is its file. */
struct listener {
    int fd;
    int fd_directory;
    int fd_file;
};

static struct listener listen_for(int backlog)
{
    struct listener l = {.fd_directory = open_directory()};
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    l.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/socket", l.fd_directory);
    EXPECT(0, bind(l.fd, (struct sockaddr *)&address, sizeof address));
    EXPECT(0, fchmodat(l.fd_directory, "socket", 0666, 0));
    EXPECT(0, listen(l.fd, backlog));
    l.fd_file = openat(l.fd_directory, "socket", O_PATH | O_CLOEXEC);
    return l;
}

static void stop_listening(struct listener l)
{
    close(l.fd_file);
    close(l.fd);
    remove_directory(l.fd_directory);
}

static struct ucred accept_from(struct listener l)
{
    struct ucred peer = {.pid = -1};
    socklen_t length = sizeof peer;
    const int accepted = accept(l.fd, NULL, NULL);

    EXPECT(0, getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &peer, &length));
    close(accepted);
    return peer;
}

static int has_no_clone(struct listener l)
{
    if (has_shared_memory())
        return 0;
    skip("no child shares memory with its parent here");
    stop_listening(l);
    return 1;
}

static void connect_as_itself_and_as_another(void)
{
    const struct listener l = listen_for(5);
    struct ucred peer;
    int64_t fd;

    if (has_no_clone(l))
        return;
    fd = sp_connect(l.fd_file, (int32_t)geteuid(), (int32_t)getegid());
    EXPECT_TRUE(fd >= 0);
    EXPECT(O_NONBLOCK, fcntl((int)fd, F_GETFL) & O_NONBLOCK);
    EXPECT(FD_CLOEXEC, fcntl((int)fd, F_GETFD));
    peer = accept_from(l);
    EXPECT(geteuid(), peer.uid);
    close((int)fd);
    if (geteuid() == 0) {
        fd = sp_connect(l.fd_file, 1234, 5678);
        EXPECT_TRUE(fd >= 0);
        peer = accept_from(l);
        EXPECT(1234, peer.uid);
        EXPECT(5678, peer.gid);
        EXPECT(0, geteuid());
        EXPECT(0, getegid());
        close((int)fd);
    }
    stop_listening(l);
}

static void connect_does_not_wait(void)
{
    const struct listener l = listen_for(0);
    int64_t first;
    int before;

    if (has_no_clone(l))
        return;
    first = sp_connect(l.fd_file, (int32_t)geteuid(), (int32_t)getegid());
    before = open_descriptors();
    EXPECT_TRUE(first >= 0);
    EXPECT_ERROR(EAGAIN, sp_connect(l.fd_file, (int32_t)geteuid(), (int32_t)getegid()));
    EXPECT(before, open_descriptors());
    close((int)first);
    stop_listening(l);
}

static void connect_names_what_failed(void)
{
    const struct listener l = listen_for(5);
    int before;
    int fd;

    if (has_no_clone(l))
        return;
    fd = open_file("no socket");
    before = open_descriptors();
    EXPECT_ERROR(ECONNREFUSED, sp_connect(fd, (int32_t)geteuid(), (int32_t)getegid()));
    EXPECT_ERROR(ENOENT, sp_connect(NOT_OPEN, (int32_t)geteuid(), (int32_t)getegid()));
    EXPECT(before, open_descriptors());
    close(fd);
    stop_listening(l);
}

const struct test socket_tests[] = {
    {"sp_connect", "connects as itself and as another user", connect_as_itself_and_as_another},
    {"sp_connect", "does not wait for others to be accepted", connect_does_not_wait},
    {"sp_connect", "leaves nothing open if it fails", connect_names_what_failed},
    {"sp_unix_sockets", "knows both ends of a pair", unix_sockets_knows_both_ends_of_a_pair},
    {"sp_unix_sockets", "counts those that do not fit", unix_sockets_counts_those_that_do_not_fit},
    {0},
};
