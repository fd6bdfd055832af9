/* SPDX-License-Identifier: Apache-2.0 */
/* Files, and the folders that hold their names. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <stdio.h>
#include <unistd.h>

int32_t sp_openat(int32_t fd_folder, int64_t path_address, int32_t flags, int32_t mode)
{
    SP_RETURN(int32_t, openat(fd_folder, SP_POINTER(const char, path_address), flags, (mode_t)mode));
}

int64_t sp_write(int32_t fd, int64_t address, int64_t length)
{
    SP_RETURN(int64_t, write(fd, SP_POINTER(const void, address), (size_t)length));
}

int64_t sp_pread(int32_t fd, int64_t address, int64_t length, int64_t offset)
{
    SP_RETURN(int64_t, pread(fd, SP_POINTER(void, address), (size_t)length, offset));
}

int64_t sp_pwrite(int32_t fd, int64_t address, int64_t length, int64_t offset)
{
    SP_RETURN(int64_t, pwrite(fd, SP_POINTER(const void, address), (size_t)length, offset));
}

int32_t sp_fallocate(int32_t fd, int32_t mode, int64_t offset, int64_t length)
{
    SP_RETURN(int32_t, fallocate(fd, mode, offset, length));
}

int32_t sp_ftruncate(int32_t fd, int64_t length)
{
    SP_RETURN(int32_t, ftruncate(fd, length));
}

int32_t sp_fdatasync(int32_t fd)
{
    SP_RETURN(int32_t, fdatasync(fd));
}

int32_t sp_fsync(int32_t fd)
{
    SP_RETURN(int32_t, fsync(fd));
}

int32_t sp_renameat(int32_t fd_folder, int64_t path_address, int32_t fd_folder_new, int64_t path_new_address)
{
    SP_RETURN(int32_t, renameat(fd_folder, SP_POINTER(const char, path_address), fd_folder_new,
                                SP_POINTER(const char, path_new_address)));
}

int32_t sp_unlinkat(int32_t fd_folder, int64_t path_address, int32_t flags)
{
    SP_RETURN(int32_t, unlinkat(fd_folder, SP_POINTER(const char, path_address), flags));
}
