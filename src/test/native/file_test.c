/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "check.h"
#include "standpipe.h"
#include "support.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESOLVE_BELOW 0x08 /* RESOLVE_BENEATH */
#define RESOLVE_ROOT 0x10  /* RESOLVE_IN_ROOT */

static void openat_makes_and_opens(void)
{
    const int directory = open_directory();
    const int32_t made = sp_openat(directory, ADDRESS("new"), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    struct stat st;

    EXPECT_TRUE(made >= 0);
    fstat(made, &st);
    EXPECT(S_IFREG | 0600, st.st_mode);
    EXPECT(-EEXIST, sp_openat(directory, ADDRESS("new"), O_CREAT | O_EXCL | O_RDWR, 0600));
    close(made);
    remove_directory(directory);
}

static void openat_refuses(void)
{
    const int directory = open_directory();

    EXPECT(-ENOENT, sp_openat(directory, ADDRESS("absent"), O_RDONLY, 0));
    EXPECT(-EBADF, sp_openat(BAD_FD, ADDRESS("absent"), O_RDONLY, 0));
    if (are_bad_addresses_allowed())
        EXPECT(-EFAULT, sp_openat(directory, bad_address(), O_RDONLY, 0));
    mkfifoat(directory, "fifo", 0600);
    EXPECT(-ENXIO, sp_openat(directory, ADDRESS("fifo"), O_WRONLY | O_NONBLOCK, 0));
    make_link(directory, "fifo");
    EXPECT(-ELOOP, sp_openat(directory, ADDRESS("link"), O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0));
    EXPECT(-ENOTDIR, sp_openat(directory, ADDRESS("fifo"), O_RDONLY | O_NONBLOCK | O_DIRECTORY, 0));
    remove_directory(directory);
}

static void openat2_stays_below(void)
{
    const int directory = open_directory();
    const int32_t found = sp_openat2(directory, ADDRESS("."), O_PATH | O_CLOEXEC, RESOLVE_BELOW);

    if (!is_lacking(found)) {
        EXPECT_TRUE(found >= 0);
        EXPECT(-EXDEV, sp_openat2(directory, ADDRESS(".."), O_PATH | O_CLOEXEC, RESOLVE_BELOW));
        close(found);
    }
    remove_directory(directory);
}

static void openat2_takes_a_directory_for_the_root(void)
{
    const int directory = open_directory();
    int32_t found;

    mkfifoat(directory, "fifo", 0600);
    make_link(directory, "/fifo");
    found = sp_openat2(directory, ADDRESS("link"), O_PATH | O_CLOEXEC, RESOLVE_ROOT);
    if (!is_lacking(found)) {
        EXPECT_TRUE(found >= 0);
        EXPECT(-ENOENT, sp_openat2(directory, ADDRESS("/etc/passwd"), O_PATH | O_CLOEXEC, RESOLVE_ROOT));
        EXPECT(-EBADF, sp_openat2(BAD_FD, ADDRESS("fifo"), O_PATH | O_CLOEXEC, RESOLVE_ROOT));
        EXPECT(-EINVAL, sp_openat2(directory, ADDRESS("fifo"), O_PATH | O_CLOEXEC, 1 << 30));
        close(found);
    }
    remove_directory(directory);
}

static void mkfifoat_makes_one(void)
{
    const int directory = open_directory();
    struct stat st;

    EXPECT(0, sp_mkfifoat(directory, ADDRESS("fifo"), 0600));
    fstatat(directory, "fifo", &st, 0);
    EXPECT(S_IFIFO | 0600, st.st_mode);
    EXPECT(-EEXIST, sp_mkfifoat(directory, ADDRESS("fifo"), 0600));
    EXPECT(-ENOENT, sp_mkfifoat(directory, ADDRESS("absent/fifo"), 0600));
    EXPECT(-EBADF, sp_mkfifoat(BAD_FD, ADDRESS("fifo"), 0600));
    remove_directory(directory);
}

static void readlinkat_stores_no_more_than_there_is_room_for(void)
{
    const int directory = open_directory();
    char target[8] = "????????";

    make_link(directory, "target");
    EXPECT(6, sp_readlinkat(directory, ADDRESS("link"), ADDRESS(target), sizeof target));
    EXPECT(0, memcmp(target, "target??", sizeof target));
    EXPECT(3, sp_readlinkat(directory, ADDRESS("link"), ADDRESS(target), 3));
    EXPECT(-ENOENT, sp_readlinkat(directory, ADDRESS("absent"), ADDRESS(target), sizeof target));
    mkfifoat(directory, "fifo", 0600);
    EXPECT(-EINVAL, sp_readlinkat(directory, ADDRESS("fifo"), ADDRESS(target), sizeof target));
    remove_directory(directory);
}

static void getdents64_lists_a_directory(void)
{
    const int directory = open_directory();
    char entries[512];
    char small[8];
    int32_t length;
    int32_t at;
    int found = 0;

    mkfifoat(directory, "fifo", 0600);
    length = sp_getdents64(directory, ADDRESS(entries), sizeof entries);
    EXPECT_TRUE(length > 0);
    for (at = 0; at < length; at += *(const uint16_t *)(entries + at + 16))
        found += strcmp(entries + at + 19, "fifo") == 0;
    EXPECT(1, found);
    EXPECT(0, sp_getdents64(directory, ADDRESS(entries), sizeof entries));
    lseek(directory, 0, SEEK_SET);
    EXPECT(-EINVAL, sp_getdents64(directory, ADDRESS(small), sizeof small));
    EXPECT(-EBADF, sp_getdents64(BAD_FD, ADDRESS(entries), sizeof entries));
    remove_directory(directory);
}

static void fallocate_makes_room(void)
{
    const int file = open_file("");
    const struct pipe_ends ends = open_pipe();

    EXPECT(0, sp_fallocate(file, 0, 0, 70000));
    EXPECT(70000, lseek(file, 0, SEEK_END));
    EXPECT(-EINVAL, sp_fallocate(file, 0, 0, 0));
    EXPECT(-ESPIPE, sp_fallocate(ends.write, 0, 0, 1));
    EXPECT(-EBADF, sp_fallocate(BAD_FD, 0, 0, 1));
    close(file);
    close_pipe(ends);
}

static void sync_file_range_takes_files_only(void)
{
    const int file = open_file("x");
    const struct pipe_ends ends = open_pipe();

    EXPECT(0, sp_sync_file_range(file, 0, 1, SYNC_FILE_RANGE_WRITE));
    EXPECT(-EINVAL, sp_sync_file_range(file, -1, 1, SYNC_FILE_RANGE_WRITE));
    EXPECT(-EINVAL, sp_sync_file_range(file, 0, -1, SYNC_FILE_RANGE_WRITE));
    EXPECT(-EINVAL, sp_sync_file_range(file, 0, 1, 64));
    EXPECT(-ESPIPE, sp_sync_file_range(ends.write, 0, 1, SYNC_FILE_RANGE_WRITE));
    EXPECT(-EBADF, sp_sync_file_range(BAD_FD, 0, 1, SYNC_FILE_RANGE_WRITE));
    close(file);
    close_pipe(ends);
}

static void fdatasync_takes_files_only(void)
{
    const int file = open_file("x");
    const struct pipe_ends ends = open_pipe();

    EXPECT(0, sp_fdatasync(file));
    EXPECT(-EINVAL, sp_fdatasync(ends.write));
    EXPECT(-EBADF, sp_fdatasync(BAD_FD));
    close(file);
    close_pipe(ends);
}

static void flock_keeps_another_description_away(void)
{
    const int directory = open_directory();
    const int again = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    EXPECT(0, sp_flock(directory, LOCK_EX | LOCK_NB));
    EXPECT(-EAGAIN, sp_flock(again, LOCK_EX | LOCK_NB));
    EXPECT(0, sp_flock(directory, LOCK_UN));
    EXPECT(0, sp_flock(again, LOCK_EX | LOCK_NB));
    EXPECT(-EBADF, sp_flock(BAD_FD, LOCK_EX));
    close(again);
    remove_directory(directory);
}

static void fsync_takes_files_and_directorys_only(void)
{
    const int directory = open_directory();
    const struct pipe_ends ends = open_pipe();

    EXPECT(0, sp_fsync(directory));
    EXPECT(-EINVAL, sp_fsync(ends.write));
    EXPECT(-EBADF, sp_fsync(BAD_FD));
    remove_directory(directory);
    close_pipe(ends);
}

static void renameat_moves_a_name(void)
{
    const int directory = open_directory();

    mkfifoat(directory, "old", 0600);
    EXPECT(0, sp_renameat(directory, ADDRESS("old"), directory, ADDRESS("new")));
    EXPECT(0, faccessat(directory, "new", F_OK, 0));
    EXPECT(-ENOENT, sp_renameat(directory, ADDRESS("old"), directory, ADDRESS("new")));
    EXPECT(-EBADF, sp_renameat(directory, ADDRESS("new"), BAD_FD, ADDRESS("old")));
    remove_directory(directory);
}

static void unlinkat_removes_a_name(void)
{
    const int directory = open_directory();

    mkfifoat(directory, "fifo", 0600);
    mkdirat(directory, "below", 0700);
    EXPECT(0, sp_unlinkat(directory, ADDRESS("fifo"), 0));
    EXPECT(-ENOENT, sp_unlinkat(directory, ADDRESS("fifo"), 0));
    EXPECT(-EISDIR, sp_unlinkat(directory, ADDRESS("below"), 0));
    EXPECT(0, sp_unlinkat(directory, ADDRESS("below"), AT_REMOVEDIR));
    EXPECT(-EBADF, sp_unlinkat(BAD_FD, ADDRESS("fifo"), 0));
    remove_directory(directory);
}

static void memfd_is_a_file_without_a_name(void)
{
    const int32_t fd = sp_memfd_create(ADDRESS("test"), 1); /* MFD_CLOEXEC */
    struct stat st;

    EXPECT_TRUE(fd >= 0);
    EXPECT(FD_CLOEXEC, fcntl(fd, F_GETFD));
    fstat(fd, &st);
    EXPECT(S_IFREG, st.st_mode & S_IFMT);
    EXPECT(-EINVAL, sp_memfd_create(ADDRESS("test"), 1 << 20));
    close(fd);
}

const struct test file_tests[] = {
    {"sp_openat", "makes and opens", openat_makes_and_opens},
    {"sp_openat", "refuses", openat_refuses},
    {"sp_openat2", "stays below", openat2_stays_below},
    {"sp_openat2", "takes a directory for the root", openat2_takes_a_directory_for_the_root},
    {"sp_mkfifoat", "makes one", mkfifoat_makes_one},
    {"sp_readlinkat", "stores no more than there is room for", readlinkat_stores_no_more_than_there_is_room_for},
    {"sp_getdents64", "lists a directory", getdents64_lists_a_directory},
    {"sp_fallocate", "makes room", fallocate_makes_room},
    {"sp_sync_file_range", "takes files only", sync_file_range_takes_files_only},
    {"sp_fdatasync", "takes files only", fdatasync_takes_files_only},
    {"sp_flock", "keeps another description away", flock_keeps_another_description_away},
    {"sp_fsync", "takes files and directorys only", fsync_takes_files_and_directorys_only},
    {"sp_renameat", "moves a name", renameat_moves_a_name},
    {"sp_unlinkat", "removes a name", unlinkat_removes_a_name},
    {"sp_memfd_create", "is a file without a name", memfd_is_a_file_without_a_name},
    {0},
};
