/* SPDX-License-Identifier: Apache-2.0 */
/* Files and directories. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int32_t sp_openat(int32_t fd_directory, int64_t path_address, int32_t flags, int32_t mode)
{
    SP_RETURN(int32_t, syscall(SYS_openat, fd_directory, SP_POINTER(const char, path_address), flags, (mode_t)mode));
}

int32_t sp_openat2(int32_t fd_directory, int64_t path_address, int64_t flags, int64_t resolve)
{
    /* struct open_how: flags, mode, resolve. Older headers lack it. */
    const uint64_t how[3] = {(uint64_t)flags, 0, (uint64_t)resolve};

    SP_RETURN(int32_t, syscall(SYS_openat2, fd_directory, SP_POINTER(const char, path_address), how, sizeof how));
}

int32_t sp_mkfifoat(int32_t fd_directory, int64_t path_address, int32_t mode)
{
    SP_RETURN(int32_t, mkfifoat(fd_directory, SP_POINTER(const char, path_address), (mode_t)mode));
}

int32_t sp_readlinkat(int32_t fd_directory, int64_t path_address, int64_t address, int32_t length)
{
    SP_RETURN(int32_t, readlinkat(fd_directory, SP_POINTER(const char, path_address), SP_POINTER(char, address),
                                  (size_t)length));
}

int32_t sp_getdents64(int32_t fd_directory, int64_t address, int32_t length)
{
    SP_RETURN(int32_t, syscall(SYS_getdents64, fd_directory, SP_POINTER(void, address), (unsigned)length));
}

int64_t sp_read(int32_t fd, int64_t address, int64_t length)
{
    SP_RETURN(int64_t, syscall(SYS_read, fd, SP_POINTER(void, address), (size_t)length));
}

int64_t sp_readv(int32_t fd, int64_t iov_address, int32_t iov_count)
{
    SP_RETURN(int64_t, syscall(SYS_readv, fd, SP_POINTER(const struct iovec, iov_address), iov_count));
}

int64_t sp_write(int32_t fd, int64_t address, int64_t length)
{
    SP_RETURN(int64_t, syscall(SYS_write, fd, SP_POINTER(const void, address), (size_t)length));
}

int64_t sp_pread(int32_t fd, int64_t address, int64_t length, int64_t offset)
{
    SP_RETURN(int64_t, syscall(SYS_pread64, fd, SP_POINTER(void, address), (size_t)length, offset));
}

int64_t sp_pwrite(int32_t fd, int64_t address, int64_t length, int64_t offset)
{
    SP_RETURN(int64_t, syscall(SYS_pwrite64, fd, SP_POINTER(const void, address), (size_t)length, offset));
}

int32_t sp_fallocate(int32_t fd, int32_t mode, int64_t offset, int64_t length)
{
    SP_RETURN(int32_t, fallocate(fd, mode, offset, length));
}

int32_t sp_sync_file_range(int32_t fd, int64_t offset, int64_t length, int32_t flags)
{
    SP_RETURN(int32_t, sync_file_range(fd, offset, length, (unsigned)flags));
}

int32_t sp_fdatasync(int32_t fd)
{
    SP_RETURN(int32_t, fdatasync(fd));
}

int32_t sp_fsync(int32_t fd)
{
    SP_RETURN(int32_t, fsync(fd));
}

int32_t sp_flock(int32_t fd, int32_t operation)
{
    SP_RETURN(int32_t, flock(fd, operation));
}

int32_t sp_renameat(int32_t fd_directory, int64_t path_address, int32_t fd_directory_new, int64_t path_new_address)
{
    SP_RETURN(int32_t, renameat(fd_directory, SP_POINTER(const char, path_address), fd_directory_new,
                                SP_POINTER(const char, path_new_address)));
}

int32_t sp_unlinkat(int32_t fd_directory, int64_t path_address, int32_t flags)
{
    SP_RETURN(int32_t, unlinkat(fd_directory, SP_POINTER(const char, path_address), flags));
}

int32_t sp_memfd_create(int64_t name_address, int32_t flags)
{
    /* By SYS_ number: glibc has a function only since 2.27. */
    SP_RETURN(int32_t, syscall(SYS_memfd_create, SP_POINTER(const char, name_address), (unsigned)flags));
}
