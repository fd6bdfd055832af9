// SPDX-License-Identifier: Apache-2.0
// The processes of which make.sh has CRIU make dumps. Its argument says of what kind they are.

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void need(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

static void move(int from, int to)
{
	need(dup2(from, to) == to, "dup2");
	close(from);
}

// Makes a pipe whose ends are at two descriptors, with a text in it.
static void make_pipe(int read_end, int write_end, const char *text)
{
	int ends[2];

	need(pipe(ends) == 0, "pipe");
	move(ends[0], read_end);
	move(ends[1], write_end);
	need(write(write_end, text, strlen(text)) == (ssize_t)strlen(text), "write");
}

// Two processes that share a pipe, and what else there is of pipes; and one that has ended.
static void pipes(void)
{
	struct f_owner_ex owner = {F_OWNER_PGRP, getpgrp()};
	int again;

	make_pipe(20, 21, "shared\n");
	need(dup2(20, 22) == 22, "dup2");
	again = open("/proc/self/fd/20", O_RDONLY | O_NONBLOCK);
	need(again >= 0, "open");
	move(again, 23);
	need(fcntl(23, F_SETFD, FD_CLOEXEC) == 0, "F_SETFD");
	if (fork() == 0) {
		close(21);
		for (;;)
			pause();
	}
	make_pipe(24, 25, "");
	need(fcntl(24, F_SETPIPE_SZ, 16384) == 16384, "F_SETPIPE_SZ");
	for (int i = 0; i < 500; i++)
		need(write(25, "0123456789", 10) == 10, "write");
	make_pipe(26, 27, "for a signal\n");
	need(fcntl(26, F_SETFL, O_NONBLOCK | O_ASYNC) == 0, "F_SETFL");
	need(fcntl(26, F_SETOWN_EX, &owner) == 0 && fcntl(26, F_SETSIG, SIGUSR1) == 0, "F_SETOWN_EX");
	make_pipe(28, 29, "nobody can read this\n");
	close(28);
	if (fork() == 0)
		_exit(3);
}

static void fifos(void)
{
	need(mkfifo("fifo", 0640) == 0 && mkfifo("removed", 0600) == 0 && mkfifo("read", 0600) == 0, "mkfifo");
	move(open("fifo", O_RDWR | O_NONBLOCK), 20);
	move(open("fifo", O_WRONLY), 21);
	need(write(20, "in a FIFO\n", 10) == 10, "write");
	move(open("removed", O_RDWR), 22);
	need(write(22, "no path\n", 8) == 8 && unlink("removed") == 0, "unlink");
	move(open("read", O_RDONLY | O_NONBLOCK), 23);
}

// A pipe whose only descriptor is in a message that waits in a socket.
static void queue(void)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte = '.';
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int sockets[2], ends[2];

	need(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0 && pipe(ends) == 0, "socketpair");
	need(write(ends[1], "in a queue\n", 11) == 11, "write");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &ends[0], sizeof(int));
	need(sendmsg(sockets[0], &message, 0) == 1, "sendmsg");
	close(ends[0]);
	close(ends[1]);
}

int main(int argc, char **argv)
{
	const char *kind = argc == 2 ? argv[1] : "";

	closefrom(0);
	for (int fd = 0; fd < 3; fd++)
		need(open("/dev/null", O_RDWR) == fd, "/dev/null");
	if (strcmp(kind, "pipes") == 0)
		pipes();
	else if (strcmp(kind, "fifos") == 0)
		fifos();
	else
		queue();
	need(close(creat("ready", 0600)) == 0, "ready");
	for (;;)
		pause();
}
