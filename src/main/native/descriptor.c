/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors, and the open file descriptions behind them. */
#define _GNU_SOURCE
#include "standpipe.h"
#include "syscall.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

int32_t sp_fcntl(int32_t fd, int32_t command, int64_t argument)
{
    SP_RETURN(int32_t, fcntl(fd, command, (long)argument));
}

int32_t sp_dup3(int32_t fd, int32_t fd_new, int32_t flags)
{
    SP_RETURN(int32_t, dup3(fd, fd_new, flags));
}

int32_t sp_close(int32_t fd)
{
    /*
     * Never retried: Linux frees the number before anything that can be interrupted, so that a second close could hit a
     * descriptor that another thread has just been given under the same number.
     */
    return close(fd) == -1 ? -errno : 0;
}

int32_t sp_fstat(int32_t fd, int64_t stat_address)
{
    struct stat st;
    int64_t *fields = SP_POINTER(int64_t, stat_address);

    /* By number: glibc gave fstat a symbol of its own only in 2.33, and the library is to load on older ones. */
    if (syscall(SYS_fstat, fd, &st) == -1)
        return -errno;
    fields[0] = (int64_t)st.st_dev;
    fields[1] = (int64_t)st.st_ino;
    fields[2] = (int64_t)st.st_mode;
    fields[3] = (int64_t)st.st_uid;
    fields[4] = (int64_t)st.st_gid;
    fields[5] = (int64_t)st.st_size;
    fields[6] = (int64_t)st.st_nlink;
    return 0;
}

int32_t sp_fchown(int32_t fd, int32_t uid, int32_t gid)
{
    SP_RETURN(int32_t, fchown(fd, (uid_t)uid, (gid_t)gid));
}

int32_t sp_fchmod(int32_t fd, int32_t mode)
{
    SP_RETURN(int32_t, fchmod(fd, (mode_t)mode));
}

int32_t sp_isatty(int32_t fd)
{
    struct termios settings;

    if (ioctl(fd, TCGETS, &settings) == 0)
        return 1;
    /* Of what is no terminal each kind says so with an error of its own. */
    return errno == EBADF ? -EBADF : 0;
}

int32_t sp_terminal_columns(int32_t fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? (int32_t)size.ws_col : -errno;
}
