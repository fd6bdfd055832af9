/* SPDX-License-Identifier: Apache-2.0 */
/* The child becomes a shell, or fails to. */
#define _GNU_SOURCE
#include "check.h"
#include "move.h"
#include "old_kernel.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Says what it reads, and which descriptors it has besides 0 and 1. */
#define SCRIPT "cat; for n in 2 3 4 5 6 7 8 9; do if [ -e /proc/self/fd/$n ]; then echo $n; fi; done; exit 3"

static char *const shell[] = {"sh", "-c", SCRIPT, NULL};

static _Noreturn void become_shell(struct pipe_ends in, struct pipe_ends out)
{
    const int32_t plan[] = {2, 2, in.read, 0, out.write, 1, 0, 1};

    dup2(in.read, 9); /* not close-on-exec: it is dropped all the same */
    sp_exec(ADDRESS("/bin/sh"), ADDRESS(shell), ADDRESS(plan), ADDRESS(&no_settings), 0);
    _exit(99);
}

static void become_shell_after(int (*preparation)(void))
{
    const struct pipe_ends in = open_pipe();
    const struct pipe_ends out = open_pipe();
    const pid_t child = fork();
    int status;

    if (child == 0) {
        if (preparation() == -1)
            _exit(98);
        become_shell(in, out);
    }
    put(in.write, "read by the command\n");
    close_pipe(in);
    close(out.write);
    status = status_of(child);
    if (status == 98 << 8) {
        skip("system calls cannot be filtered here");
    } else {
        EXPECT(3 << 8, status);
        EXPECT_TRUE(gives(out.read, "read by the command\n"));
    }
    close(out.read);
}

static int nothing(void)
{
    return 0;
}

static void the_command_has_what_was_moved_and_nothing_else(void)
{
    become_shell_after(nothing);
}

static void the_same_without_close_range(void)
{
    become_shell_after(have_no_close_range);
}

static void the_same_without_close_range_at_exec(void)
{
    become_shell_after(have_no_close_range_at_exec);
}

static ino_t inode_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

struct failing {
    int from;
    int32_t error;
};

static void *fail_to_become(void *failing)
{
    struct failing *f = failing;
    const int32_t plan[] = {2, 2, f->from, 40, f->from, 41, 40, 41};
    sigset_t blocked;
    sigset_t found;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    pthread_sigmask(SIG_SETMASK, &blocked, NULL);
    EXPECT_ERROR(f->error, sp_exec(ADDRESS("/absent/command"), ADDRESS(shell), ADDRESS(plan), ADDRESS(&no_settings), 0));
    pthread_sigmask(SIG_SETMASK, NULL, &found);
    EXPECT(1, sigismember(&found, SIGUSR2));
    EXPECT(0, sigismember(&found, SIGUSR1));
    return NULL;
}

/* In a thread of a child, since the thread has a table of its own afterwards, with descriptors that the exec was to close. */
static void fail_in_a_thread(int from, int occupied, int32_t error)
{
    struct failing failing = {.from = from, .error = error};
    const pid_t child = fork();
    pthread_t thread;

    if (child == 0) {
        dup3(occupied, 40, O_CLOEXEC);
        if (pthread_create(&thread, NULL, fail_to_become, &failing) != 0)
            _exit(98);
        pthread_join(thread, NULL);
        EXPECT(inode_of(occupied), inode_of(40));
        EXPECT(FD_CLOEXEC, fcntl(40, F_GETFD));
        EXPECT(0, inode_of(41));
        _exit(failures());
    }
    EXPECT(0, status_of(child));
}

static void a_failure_leaves_descriptors_and_mask_as_they_were(void)
{
    const struct pipe_ends ends = open_pipe();
    const int other = open_file("");

    if (are_bad_addresses_allowed()) {
        fail_in_a_thread(other, ends.read, ENOENT);
        fail_in_a_thread(9999, ends.read, EBADF);
    } else {
        skip("valgrind has one table for all threads");
    }
    close(other);
    close_pipe(ends);
}

static void the_same_where_unshare_is_forbidden(void)
{
    if (are_bad_addresses_allowed())
        become_shell_after(have_no_unshare);
    else
        skip("valgrind makes no such thread");
}

static void *fail_elsewhere(void *directory)
{
    const int32_t no_fds[2] = {0, 0};
    struct sp_settings settings = no_settings;

    settings.fd_directory = *(int *)directory;
    settings.file_mask = 0777;
    EXPECT_ERROR(ENOENT, sp_exec(ADDRESS("/absent/command"), ADDRESS(shell), ADDRESS(no_fds), ADDRESS(&settings), 0));
    return NULL;
}

/* The descriptors, which are this thread's own, are looked at by another one in the other test. */
static void a_failure_leaves_all_as_it_was_where_unshare_is_forbidden(void)
{
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    char before[4096] = "";
    char after[4096] = "";
    pthread_t thread;
    pid_t child;
    int status;

    if (!are_bad_addresses_allowed()) {
        skip("valgrind has one table for all threads");
        close(root);
        return;
    }
    child = fork();
    if (child == 0) {
        if (have_no_unshare() == -1 || getcwd(before, sizeof before) == NULL)
            _exit(98);
        if (pthread_create(&thread, NULL, fail_elsewhere, &root) != 0)
            _exit(98);
        pthread_join(thread, NULL);
        EXPECT_TRUE(getcwd(after, sizeof after) != NULL && strcmp(before, after) == 0);
        EXPECT_TRUE(umask(022) != 0777);
        fail_in_a_thread(root, 0, ENOENT);
        _exit(failures());
    }
    status = status_of(child);
    close(root);
    if (status == 98 << 8)
        skip("system calls cannot be filtered here");
    else
        EXPECT(0, status);
}

const struct test exec_tests[] = {
    {"sp_exec", "the command has what was moved and nothing else", the_command_has_what_was_moved_and_nothing_else},
    {"sp_exec", "the same on a kernel without close_range", the_same_without_close_range},
    {"sp_exec", "the same on one without CLOSE_RANGE_CLOEXEC", the_same_without_close_range_at_exec},
    {"sp_exec", "a failure leaves descriptors and mask as they were",
     a_failure_leaves_descriptors_and_mask_as_they_were},
    {"sp_exec", "the same where unshare is forbidden", the_same_where_unshare_is_forbidden},
    {"sp_exec", "a failure leaves all as it was where unshare is forbidden",
     a_failure_leaves_all_as_it_was_where_unshare_is_forbidden},
    {0},
};
