/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STANDPIPE_H
#define STANDPIPE_H

#include <fcntl.h>
#include <jni.h>
#include <stdint.h>
#include <sys/syscall.h> /* SYS_ numbers, for Java */

/* Calls that arm64 has under their newer names only */
#ifdef SYS_poll
#define SP_SYS_poll SYS_poll
#define SP_SYS_select SYS_select
#define SP_SYS_epoll_wait SYS_epoll_wait
#define SP_SYS_open SYS_open
#else
#define SP_SYS_poll SYS_ppoll
#define SP_SYS_select SYS_pselect6
#define SP_SYS_epoll_wait SYS_epoll_pwait
#define SP_SYS_open SYS_openat
#endif
#define SP_SYS_openat2 437 /* on both; headers before Linux 5.6 lack it */
#define SP_SYS_epoll_pwait2 441 /* on both; headers before Linux 5.11 lack it */

/*
 * The whole system call surface of Standpipe. One function is one system call, except sp_capture, sp_freeze,
 * sp_set_flags_at, sp_fdinfo, sp_unix_sockets, sp_connect, sp_replace, sp_interrupt_thread, sp_exec and
 * sp_spawn, each of which says why.
 *
 * A function returns the result of the call, or -errno. It retries a call after EINTR, unless its comment says otherwise.
 * Only int32_t (Java's int) and int64_t (Java's long) cross the boundary. Memory crosses as an address in a direct buffer, which
 * the Java caller keeps reachable.
 */
#ifdef __cplusplus
extern "C" {
#endif

/* pipe.c: pipes and the bytes queued in them */
int64_t sp_pipe2(int32_t flags); /* (write end << 32) | read end */
int64_t sp_tee(int32_t fd_in, int32_t fd_out, int64_t length, int32_t flags);
int64_t sp_splice(int32_t fd_in, int64_t offset_in, int32_t fd_out, int64_t offset_out, int64_t length, int32_t flags);
int64_t sp_vmsplice(int32_t fd, int64_t address, int64_t length, int32_t flags);
int32_t sp_fionread(int32_t fd);
int32_t sp_poll(int32_t fd, int32_t events, int32_t timeout_millis); /* the returned events, 0 on timeout */
int32_t sp_capture(int64_t captures_address, int32_t count);          /* how many failed */

/* descriptor.c: fds and open file descriptions */
int32_t sp_fcntl(int32_t fd, int32_t command, int64_t argument);
int64_t sp_set_flags_at(int32_t fd, int32_t fd_seen, int32_t flags); /* F_SETFL as if fd were fd_seen */
int32_t sp_dup3(int32_t fd, int32_t fd_new, int32_t flags);
int32_t sp_close(int32_t fd);
int32_t sp_close_range(int32_t first, int32_t last, int32_t flags);
int32_t sp_fstat(int32_t fd, int64_t stat_address); /* 7 x int64_t: dev, ino, mode, uid, gid, size, nlink */
int32_t sp_fstatat(int32_t fd_directory, int64_t path_address, int64_t stat_address); /* as sp_fstat; follows no link */
int64_t sp_fstatfs(int32_t fd); /* f_type of the file system */
int32_t sp_fchown(int32_t fd, int32_t uid, int32_t gid);
int32_t sp_fchmod(int32_t fd, int32_t mode);
int32_t sp_isatty(int32_t fd);           /* 1 or 0; the only error is -EBADF */
int32_t sp_terminal_columns(int32_t fd); /* 0 if the terminal has not been told its size */

/* file.c: files and directories */
int32_t sp_openat(int32_t fd_directory, int64_t path_address, int32_t flags, int32_t mode);
int32_t sp_openat2(int32_t fd_directory, int64_t path_address, int64_t flags, int64_t resolve);
int32_t sp_mkfifoat(int32_t fd_directory, int64_t path_address, int32_t mode);
int32_t sp_readlinkat(int32_t fd_directory, int64_t path_address, int64_t address, int32_t length);
int32_t sp_getdents64(int32_t fd_directory, int64_t address, int32_t length); /* struct linux_dirent64 */
int64_t sp_read(int32_t fd, int64_t address, int64_t length);
int64_t sp_readv(int32_t fd, int64_t iov_address, int32_t iov_count);
int64_t sp_write(int32_t fd, int64_t address, int64_t length);
int64_t sp_pread(int32_t fd, int64_t address, int64_t length, int64_t offset);
int64_t sp_pwrite(int32_t fd, int64_t address, int64_t length, int64_t offset);
int32_t sp_fallocate(int32_t fd, int32_t mode, int64_t offset, int64_t length);
int32_t sp_sync_file_range(int32_t fd, int64_t offset, int64_t length, int32_t flags);
int32_t sp_fdatasync(int32_t fd);
int32_t sp_fsync(int32_t fd);
int32_t sp_flock(int32_t fd, int32_t operation);
int32_t sp_renameat(int32_t fd_directory, int64_t path_address, int32_t fd_directory_new, int64_t path_new_address);
int32_t sp_unlinkat(int32_t fd_directory, int64_t path_address, int32_t flags);
int32_t sp_memfd_create(int64_t name_address, int32_t flags);

/* process.c: processes, threads and limits */
int32_t sp_pidfd_open(int32_t pid, int32_t flags);
int32_t sp_pidfd_getfd(int32_t pidfd, int32_t fd, int32_t flags);
int32_t sp_pidfd_send_signal(int32_t pidfd, int32_t signal);
int64_t sp_waitpid(int32_t pid); /* the wait status as it is */
int32_t sp_kcmp(int32_t pid1, int32_t pid2, int32_t type, int64_t index1, int64_t index2);
int64_t sp_fdinfo(int32_t pid, int32_t fd, int64_t fields_address); /* 2 x int64_t: flags or -1, inode or 0 */
int32_t sp_getpid(void); /* this one and the next four cannot fail */
int32_t sp_gettid(void);
int32_t sp_getppid(void);
int32_t sp_getpgrp(void);
int32_t sp_getsid(void);
int32_t sp_uname(int64_t address); /* struct utsname */
int64_t sp_getrlimit(int32_t resource); /* the soft limit; INT64_MAX for none */
int32_t sp_page_size(void);              /* bytes; cannot fail */

/* socket.c: sockets of other processes */
int64_t sp_unix_sockets(int64_t sockets_address, int32_t count); /* how many there are; as many as fit are stored */

/* connect.c: a connection to another process */
int64_t sp_connect(int32_t fd_file, int32_t uid, int32_t gid); /* a socket, which does not wait, connected to a socket's file */

/* freeze.c: a freeze of processes, around the captures of their pipes */
int32_t sp_freeze(int64_t freeze_address); /* how many captures failed */

/* place.c: fds that are in use get another description */
int64_t sp_replace(int32_t fd_expected, int32_t fd_new, int32_t fd_target, int32_t flags, int32_t fd_set); /* or -EBUSY */
int32_t sp_epoll_create1(int32_t flags);
int32_t sp_epoll_ctl(int32_t fd_epoll, int32_t operation, int32_t fd, int32_t events, int64_t data);
int32_t sp_interrupt_thread(int32_t thread); /* or -ENOTSUP if the signal would do more than interrupt */

/* exec.c: this process becomes a command */
int64_t sp_exec(int64_t path_address, int64_t argv_address, int64_t plan_address, int64_t settings_address, int64_t signal_mask);

/* spawn.c: a child becomes a command once it reads 'G' from its gate. Returns the child's pid */
int32_t sp_spawn(int64_t path_address, int64_t argv_address, int64_t script_argv_address, int64_t plan_address,
                 int64_t settings_address, int64_t signal_mask, int32_t fd_gate, int32_t fd_report);

/* jvm.c: what only JNI can read or set */
void sp_buffer_address(JNIEnv *env, jclass caller, jobject buffer, jobject address); /* into a long[1]: 0 if not direct */
void sp_java_descriptor(JNIEnv *env, jclass caller, jobject file_descriptor, int32_t fd); /* or NoSuchFieldError */
void sp_int_field(JNIEnv *env, jclass caller, jobject object, jobject declaring_class, int64_t name_address, jobject into);
void sp_boolean_field(JNIEnv *env, jclass caller, jobject object, jobject declaring_class, int64_t name_address,
                      jobject into); /* 0 or 1 */
void sp_object_field(JNIEnv *env, jclass caller, jobject object, jobject declaring_class, int64_t name_address,
                     int64_t signature_address, jobject into);
void sp_construct(JNIEnv *env, jclass caller, jobject constructed_class, int64_t signature_address, jobject first,
                  jobject second, jobject into);

#ifdef __cplusplus
}
#endif
#endif
