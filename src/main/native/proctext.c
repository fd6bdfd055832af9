/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of /proc, read without the C library's formatting: with checked functions (_FORTIFY_SOURCE) the library would need glibc.
 * Without malloc, too: the process that freezes others shares its heap with a JVM, and may be killed at any moment.
 */
#define _GNU_SOURCE
#include "proctext.h"
#include "syscall.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

char *sp_append(char *end, const char *text)
{
    while ((*end = *text++) != '\0')
        end++;
    return end;
}

char *sp_append_number(char *end, int32_t number)
{
    char digits[12];
    char *at = digits + sizeof digits - 1;

    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return sp_append(end, at);
}

long sp_parse_number(const char *digits)
{
    long number = 0;

    for (; *digits >= '0' && *digits <= '9'; digits++)
        number = number * 10 + (*digits - '0');
    return number;
}

void sp_process_path(char *path, int32_t pid, const char *name)
{
    sp_append(sp_append(sp_append_number(sp_append(path, "/proc/"), pid), "/"), name);
}

void sp_thread_path(char *path, int32_t pid, int32_t tid, const char *name)
{
    path = sp_append(sp_append_number(sp_append(path, "/proc/"), pid), "/task/");
    sp_append(sp_append(sp_append_number(path, tid), "/"), name);
}

int sp_read_text(const char *path, char *text, size_t size)
{
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    long length;

    if (fd == -1)
        return -errno;
    do {
        length = syscall(SYS_read, fd, text, size - 1);
    } while (length == -1 && errno == EINTR);
    if (length == -1)
        length = -errno;
    else
        text[length] = '\0';
    syscall(SYS_close, fd);
    return (int)length;
}

int sp_read_stat(const char *path, char *text, size_t size, const char **fields)
{
    const int length = sp_read_text(path, text, size);
    const char *name_end = length > 0 ? strrchr(text, ')') : NULL;

    *fields = name_end == NULL || name_end[1] == '\0' ? NULL : name_end + 2;
    return length >= 0 || length == -ENOENT || length == -ESRCH ? 0 : length;
}

long sp_stat_field(const char *fields, int index)
{
    while (index-- > 0 && fields != NULL) {
        fields = strchr(fields, ' ');
        fields = fields == NULL ? NULL : fields + 1;
    }
    return fields == NULL ? 0 : sp_parse_number(fields);
}

char sp_thread_state(int32_t pid, int32_t tid)
{
    char path[64];
    char text[1024];
    const char *fields;

    sp_thread_path(path, pid, tid, "stat");
    if (sp_read_stat(path, text, sizeof text, &fields) < 0)
        return '?';
    return fields == NULL ? 0 : fields[0];
}

int sp_each_number(const char *path, sp_number_visitor visitor, void *context)
{
    _Alignas(struct dirent) char entries[4096];
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = 0;
    long length;
    long at;

    if (fd == -1)
        return -errno;
    while (result == 0 && (length = syscall(SYS_getdents64, fd, entries, sizeof entries)) != 0) {
        if (length == -1)
            result = -errno;
        for (at = 0; result == 0 && at < length;) {
            const struct dirent *entry = (const struct dirent *)(const void *)(entries + at);

            if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
                result = visitor((int32_t)sp_parse_number(entry->d_name), context);
            at += entry->d_reclen;
        }
    }
    syscall(SYS_close, fd);
    return result;
}
