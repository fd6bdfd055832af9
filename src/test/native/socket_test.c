/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INODE, PEER, TYPE, STATE, NAMED, QUEUED, SENT_MEMORY, SENT_LIMIT, FIELDS };
enum { ROOM = 16384, PAIRS = 300 };

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

const struct test socket_tests[] = {
    {"sp_unix_sockets", "knows both ends of a pair", unix_sockets_knows_both_ends_of_a_pair},
    {"sp_unix_sockets", "counts those that do not fit", unix_sockets_counts_those_that_do_not_fit},
    {0},
};
