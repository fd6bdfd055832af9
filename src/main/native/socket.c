/* SPDX-License-Identifier: Apache-2.0 */
/* Unix sockets of any process, as the kernel lists them over netlink (sock_diag). */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One socket, as UnixSocket.java reads it. */
struct unix_socket {
    int64_t inode;
    int64_t peer; /* the inode; 0 if it is not connected, or if the other end was closed */
    int64_t type;
    int64_t state;
    int64_t named;
    int64_t queued;      /* bytes that a read would give */
    int64_t sent_memory; /* what is sent and not yet read takes so much memory, of which */
    int64_t sent_limit;  /* this socket may have so much */
};

/* Of the figures of UNIX_DIAG_MEMINFO, the two of the send buffer. */
enum { SEND_MEMORY = 2, SEND_LIMIT = 3 };

/* Which call failed, for SP_FAILED; UnixSocket.java has the same numbers. ANSWER: the kernel's answer is an error. */
enum { SOCKET = 1, SENDTO, RECVFROM, ANSWER };

static int ask_for_all(int netlink)
{
    struct {
        struct nlmsghdr head;
        struct unix_diag_req body;
    } request;
    long result;

    memset(&request, 0, sizeof request);
    request.head.nlmsg_len = sizeof request;
    request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.body.sdiag_family = AF_UNIX;
    request.body.udiag_states = UINT32_MAX;
    request.body.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN | UDIAG_SHOW_MEMINFO;
    do {
        result = syscall(SYS_sendto, netlink, &request, sizeof request, 0, NULL, 0);
    } while (result == -1 && errno == EINTR);
    return result == -1 ? errno : 0;
}

/* Returns the number at an index; 0 if the kernel gives fewer. */
static uint32_t figure(const char *data, size_t length, size_t index)
{
    uint32_t value = 0;

    if (length >= (index + 1) * sizeof value)
        memcpy(&value, data + index * sizeof value, sizeof value);
    return value;
}

static void take_attribute(struct unix_socket *record, int type, const char *data, size_t length)
{
    switch (type) {
    case UNIX_DIAG_NAME:
        record->named = length > 0;
        break;
    case UNIX_DIAG_PEER:
        record->peer = figure(data, length, 0);
        break;
    case UNIX_DIAG_RQLEN:
        record->queued = figure(data, length, 0);
        break;
    case UNIX_DIAG_MEMINFO:
        record->sent_memory = figure(data, length, SEND_MEMORY);
        record->sent_limit = figure(data, length, SEND_LIMIT);
        break;
    default: /* not asked for */
        break;
    }
}

static struct unix_socket parse_socket(const struct nlmsghdr *head)
{
    const struct unix_diag_msg *body = NLMSG_DATA(head);
    const char *message = (const char *)head;
    size_t at = (size_t)((const char *)(body + 1) - message);
    struct unix_socket record;
    struct nlattr attribute;

    memset(&record, 0, sizeof record);
    record.inode = body->udiag_ino;
    record.type = body->udiag_type;
    record.state = body->udiag_state;
    for (; at + sizeof attribute <= head->nlmsg_len; at += NLMSG_ALIGN((size_t)attribute.nla_len)) {
        memcpy(&attribute, message + at, sizeof attribute);
        if (attribute.nla_len < sizeof attribute || at + attribute.nla_len > head->nlmsg_len)
            break;
        take_attribute(
            &record, attribute.nla_type, message + at + sizeof attribute, attribute.nla_len - sizeof attribute);
    }
    return record;
}

/* Takes the messages of one read; returns whether the list is complete, or what SP_FAILED makes of an error. */
static int64_t take_messages(const char *bytes, size_t length, struct unix_socket *sockets, int32_t count, int64_t *found)
{
    const struct nlmsghdr *head = (const struct nlmsghdr *)bytes;
    const struct nlmsgerr *error;

    while (length >= sizeof *head && head->nlmsg_len >= sizeof *head && head->nlmsg_len <= length) {
        if (head->nlmsg_type == NLMSG_DONE)
            return 1;
        if (head->nlmsg_type == NLMSG_ERROR) {
            error = NLMSG_DATA(head);
            return SP_FAILED(ANSWER, -error->error);
        }
        if (head->nlmsg_type == SOCK_DIAG_BY_FAMILY) {
            if (*found < count)
                sockets[*found] = parse_socket(head);
            (*found)++;
        }
        length -= NLMSG_ALIGN(head->nlmsg_len) < length ? NLMSG_ALIGN(head->nlmsg_len) : length;
        head = (const struct nlmsghdr *)((const char *)head + NLMSG_ALIGN(head->nlmsg_len));
    }
    return 0;
}

static int64_t receive_all(int netlink, struct unix_socket *sockets, int32_t count, int64_t *found)
{
    _Alignas(struct nlmsghdr) char bytes[16384]; /* the kernel fills as much as it is given, up to 32 KiB */
    int64_t complete = 0;
    long length;

    while (complete == 0) {
        length = syscall(SYS_recvfrom, netlink, bytes, sizeof bytes, 0, NULL, NULL);
        if (length == -1 && errno == EINTR)
            continue;
        if (length <= 0)
            return SP_FAILED(RECVFROM, length == 0 ? EPROTO : errno);
        complete = take_messages(bytes, (size_t)length, sockets, count, found);
    }
    return complete;
}

/* Three calls and more: a list comes in several messages, and Java would need memory for each. */
int64_t sp_unix_sockets(int64_t sockets_address, int32_t count)
{
    int64_t found = 0;
    int64_t result;
    int error;
    int netlink;

    netlink = (int)syscall(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink == -1)
        return SP_FAILED(SOCKET, errno);
    error = ask_for_all(netlink);
    result = error != 0 ? SP_FAILED(SENDTO, error)
                        : receive_all(netlink, SP_POINTER(struct unix_socket, sockets_address), count, &found);
    syscall(SYS_close, netlink);
    return result < 0 ? result : found;
}
