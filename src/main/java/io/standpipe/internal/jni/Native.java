// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.FileDescriptor;
import java.nio.Buffer;
import org.bytedeco.javacpp.annotation.MemberGetter;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Raw;

/**
 * All natives of Standpipe: one for each function of {@code src/main/native/standpipe.h}, which says what the function does. An
 * {@code int} is an {@code int32_t} there, a {@code long} an {@code int64_t}. A native returns the result of the system call, or
 * {@code -errno}. Only {@code io.standpipe.pipe} and {@code internal.sys} call natives; they throw.
 */
@Platform(include = "standpipe.h", library = "jnistandpipe")
@NoException
public final class Native {

    static {
        NativeLibrary.requireOrLinkageError();
    }

    private Native() {}

    // pipe.c
    public static native long sp_pipe2(int flags);

    public static native long sp_tee(int fdIn, int fdOut, long length, int flags);

    public static native long sp_splice(int fdIn, long offsetIn, int fdOut, long offsetOut, long length, int flags);

    public static native long sp_vmsplice(int fd, long address, long length, int flags);

    public static native int sp_fionread(int fd);

    public static native int sp_poll(int fd, int events, int timeoutMillis);

    public static native int sp_capture(long capturesAddress, int count);

    // descriptor.c
    public static native int sp_fcntl(int fd, int command, long argument);

    public static native long sp_set_flags_at(int fd, int fdSeen, int flags);

    public static native int sp_dup3(int fd, int fdNew, int flags);

    public static native int sp_close(int fd);

    public static native int sp_close_range(int first, int last, int flags);

    public static native int sp_fstat(int fd, long statAddress);

    public static native int sp_fstatat(int fdDirectory, long pathAddress, long statAddress);

    public static native long sp_fstatfs(int fd);

    public static native int sp_fchown(int fd, int uid, int gid);

    public static native int sp_fchmod(int fd, int mode);

    public static native int sp_isatty(int fd);

    public static native int sp_terminal_columns(int fd);

    // file.c
    public static native int sp_openat(int fdDirectory, long pathAddress, int flags, int mode);

    public static native int sp_openat2(int fdDirectory, long pathAddress, long flags, long resolve);

    public static native int sp_mkfifoat(int fdDirectory, long pathAddress, int mode);

    public static native int sp_readlinkat(int fdDirectory, long pathAddress, long address, int length);

    public static native int sp_getdents64(int fdDirectory, long address, int length);

    public static native long sp_read(int fd, long address, long length);

    public static native long sp_readv(int fd, long iovAddress, int iovCount);

    public static native long sp_write(int fd, long address, long length);

    public static native long sp_pread(int fd, long address, long length, long offset);

    public static native long sp_pwrite(int fd, long address, long length, long offset);

    public static native int sp_fallocate(int fd, int mode, long offset, long length);

    public static native int sp_sync_file_range(int fd, long offset, long length, int flags);

    public static native int sp_fdatasync(int fd);

    public static native int sp_fsync(int fd);

    public static native int sp_flock(int fd, int operation);

    public static native int sp_renameat(int fdDirectory, long pathAddress, int fdDirectoryNew, long pathNewAddress);

    public static native int sp_unlinkat(int fdDirectory, long pathAddress, int flags);

    public static native int sp_memfd_create(long nameAddress, int flags);

    // process.c
    public static native int sp_pidfd_open(int pid, int flags);

    public static native int sp_pidfd_getfd(int pidfd, int fd, int flags);

    public static native int sp_pidfd_send_signal(int pidfd, int signal);

    public static native long sp_waitpid(int pid);

    public static native int sp_kcmp(int pid1, int pid2, int type, long index1, long index2);

    public static native long sp_fdinfo(int pid, int fd, long fieldsAddress);

    public static native int sp_getpid();

    public static native int sp_gettid();

    public static native int sp_getppid();

    public static native int sp_getpgrp();

    public static native int sp_getsid();

    public static native int sp_uname(long address);

    public static native long sp_getrlimit(int resource);

    public static native int sp_page_size();

    // socket.c
    public static native long sp_unix_sockets(long socketsAddress, int count);

    // connect.c
    public static native long sp_connect(int fdFile, int uid, int gid);

    // freeze.c
    public static native int sp_freeze(long freezeAddress);

    // place.c
    public static native long sp_replace(int fdExpected, int fdNew, int fdTarget, int flags, int fdSet);

    public static native int sp_epoll_create1(int flags);

    public static native int sp_epoll_ctl(int fdEpoll, int operation, int fd, int events, long data);

    public static native int sp_interrupt_thread(int thread);

    // exec.c
    public static native long sp_exec(
            long pathAddress, long argvAddress, long planAddress, long settingsAddress, long signalMask);

    // spawn.c
    public static native int sp_spawn(
            long pathAddress,
            long argvAddress,
            long scriptArgvAddress,
            long planAddress,
            long settingsAddress,
            long signalMask,
            int fdGate,
            int fdReport);

    // jvm.c
    @Raw(withEnv = true)
    public static native void sp_buffer_address(@Raw Buffer buffer, @Raw long[] address);

    @Raw(withEnv = true)
    public static native void sp_java_descriptor(@Raw FileDescriptor fileDescriptor, int fd);

    @Raw(withEnv = true)
    public static native void sp_int_field(@Raw Object object, @Raw Object declaringClass, long nameAddress, @Raw int[] into);

    @Raw(withEnv = true)
    public static native void sp_boolean_field(
            @Raw Object object, @Raw Object declaringClass, long nameAddress, @Raw int[] into);

    @Raw(withEnv = true)
    public static native void sp_object_field(
            @Raw Object object, @Raw Object declaringClass, long nameAddress, long signatureAddress, @Raw Object[] into);

    @Raw(withEnv = true)
    public static native void sp_construct(
            @Raw Object constructedClass, long signatureAddress, @Raw Object first, @Raw Object second,
            @Raw Object[] into);

    // Constants that differ between architectures
    @MemberGetter
    public static native int O_DIRECT();

    @MemberGetter
    public static native int O_NOFOLLOW();

    @MemberGetter
    public static native int O_DIRECTORY();

    @MemberGetter
    public static native int SYS_read();

    @MemberGetter
    public static native int SYS_readv();

    @MemberGetter
    public static native int SYS_preadv2();

    @MemberGetter
    public static native int SYS_write();

    @MemberGetter
    public static native int SYS_writev();

    @MemberGetter
    public static native int SYS_pwritev2();

    @MemberGetter
    public static native int SYS_splice();

    @MemberGetter
    public static native int SYS_tee();

    @MemberGetter
    public static native int SYS_vmsplice();

    @MemberGetter
    public static native int SYS_sendfile();

    @MemberGetter
    public static native int SYS_recvfrom();

    @MemberGetter
    public static native int SYS_recvmsg();

    @MemberGetter
    public static native int SYS_recvmmsg();

    @MemberGetter
    public static native int SYS_sendto();

    @MemberGetter
    public static native int SYS_sendmsg();

    @MemberGetter
    public static native int SYS_sendmmsg();

    @MemberGetter
    public static native int SP_SYS_poll();

    @MemberGetter
    public static native int SYS_ppoll();

    @MemberGetter
    public static native int SP_SYS_select();

    @MemberGetter
    public static native int SYS_pselect6();

    @MemberGetter
    public static native int SP_SYS_epoll_wait();

    @MemberGetter
    public static native int SYS_epoll_pwait();

    @MemberGetter
    public static native int SP_SYS_epoll_pwait2();

    @MemberGetter
    public static native int SYS_restart_syscall();

    @MemberGetter
    public static native int SYS_openat();

    @MemberGetter
    public static native int SP_SYS_open();

    @MemberGetter
    public static native int SP_SYS_openat2();
}
