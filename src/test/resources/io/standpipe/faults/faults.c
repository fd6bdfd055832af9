/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded, it counts the system calls that Standpipe's native library makes, and has one of them fail. Whose a call is its
 * return address tells; the JVM's own calls go through untouched. What it is to do it reads from memory shared with the
 * test, and there it counts.
 *
 * The C library's functions are wrapped by name, those behind syscall() by number. Which native is under way is known because
 * the JVM gets, for each, the address of a few instructions that note it and go on to the native.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EACH_FUNCTION(F) \
    F(pipe2) F(tee) F(dup3) F(close) F(fchown) F(fchmod) F(open) F(openat) F(mkfifoat) F(readlinkat) F(read) F(readv) \
    F(write) F(pread) F(pwrite) F(fallocate) F(sync_file_range) F(fdatasync) F(fsync) F(flock) F(renameat) F(unlinkat) F(epoll_create1) \
    F(epoll_ctl) F(poll) F(sigaction) F(fork) F(execve) F(waitpid) F(unshare) F(lseek) F(uname) F(clone) F(prctl) F(mmap) F(munmap) F(mremap)

#define EACH_FCNTL(F) \
    F(F_GETFD) F(F_SETFD) F(F_GETFL) F(F_SETFL) F(F_DUPFD_CLOEXEC) F(F_DUPFD_QUERY) F(F_GETPIPE_SZ) F(F_SETPIPE_SZ) F(F_GETSIG) \
    F(F_SETSIG) F(F_GETOWN_EX) F(F_SETOWN_EX) F(F_OFD_SETLK)

#define EACH_IOCTL(F) F(FIONREAD) F(TCGETS) F(TIOCGWINSZ)

/* Called by number where there are many; by name, too, elsewhere. */
#define EACH_TRANSFER(F) \
    F(SYS_tee, tee) F(SYS_close, close) F(SYS_openat, openat) F(SYS_read, read) F(SYS_readv, readv) F(SYS_write, write) \
    F(SYS_pread64, pread) F(SYS_pwrite64, pwrite)

#define EACH_NUMBER(F) \
    F(close_range) F(connect) F(fchdir) F(fstat) F(fstatfs) F(getdents64) F(getpgid) F(getpid) F(getppid) F(getsid) F(gettid) F(kcmp) F(memfd_create) F(newfstatat) F(openat2) F(pidfd_getfd) F(pidfd_open) \
    F(pidfd_send_signal) F(prlimit64) F(ptrace) F(recvfrom) F(rt_sigprocmask) F(rt_sigtimedwait) F(setgroups) F(setresgid) F(setresuid) F(setsid) F(sendto) F(socket) F(tgkill) F(umask) F(vmsplice) F(waitid)

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#ifndef F_DUPFD_QUERY
#define F_DUPFD_QUERY 1027
#endif

/* What is counted, and can be made to fail. */
enum kind {
#define KIND(name) KIND_##name,
    EACH_FUNCTION(KIND) EACH_FCNTL(KIND) EACH_IOCTL(KIND) EACH_NUMBER(KIND)
    KIND_splice_pipes, KIND_splice_in, KIND_splice_out, KIND_unknown, KINDS
#undef KIND
};

static const char *const kind_names[] = {
#define KIND(name) #name,
#define FCNTL(name) "fcntl(" #name ")",
#define IOCTL(name) "ioctl(" #name ")",
    EACH_FUNCTION(KIND) EACH_FCNTL(FCNTL) EACH_IOCTL(IOCTL) EACH_NUMBER(KIND)
    "splice(pipe to pipe)", "splice(file to pipe)", "splice(pipe to file)", "unknown"
#undef KIND
#undef FCNTL
#undef IOCTL
};

#define MOST_KINDS 96
#define MOST_NATIVES 128
#define NAME_LENGTH 32
#define LIBRARIES 8
#define THUNK_BYTES 32
#define SHORT (-1)
#define PASS 0

_Static_assert(KINDS <= MOST_KINDS, "more kinds of calls than there is room for");

/* Shared with the test; FaultControl.java has the same layout. */
struct control {
    int32_t owner;          /* pid of the process that is watched */
    int32_t kinds;
    int32_t natives;
    int32_t unknown;        /* a number or command that has no kind, or 0 */
    int32_t armed_kind;     /* -1: none */
    int32_t armed_at;       /* which of these calls, from 1 on */
    int32_t armed_with;     /* an error number, or SHORT */
    int32_t armed_in_child; /* whether calls of forked children count, or those of the process */
    _Atomic int32_t seen;   /* such calls since then */
    int32_t hits;           /* how many of them failed: 0 or 1 */
    int32_t hit_native;
    int32_t always_in_child;
    struct { int32_t kind, with; } always[2]; /* always fail, too; -1: none */
    char kind_names[MOST_KINDS][NAME_LENGTH];
    char native_names[MOST_NATIVES][NAME_LENGTH];
    _Atomic int32_t counts[2][MOST_NATIVES][MOST_KINDS]; /* of the process, and of forked children */
};

static struct control *control;
static struct { uintptr_t begin, end; } libraries[LIBRARIES];
static _Atomic int library_count;
static unsigned char *thunks;
static __thread int native __attribute__((tls_model("initial-exec")));

static void *(*real_dlsym)(void *, const char *);

static void *next(const char *name)
{
    if (real_dlsym == NULL)
        real_dlsym = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    return real_dlsym(RTLD_NEXT, name);
}

#define NEXT(name)                            \
    ({                                        \
        static __typeof__(&name) found;       \
        if (found == NULL)                    \
            found = next(#name);              \
        found;                                \
    })

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv("STANDPIPE_FAULTS");
    const int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    int i;

    /* Children that exec are to be as without it. */
    unsetenv("LD_PRELOAD");
    unsetenv("STANDPIPE_FAULTS");
    if (fd == -1)
        return;
    control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    thunks = mmap(
        NULL, MOST_NATIVES * THUNK_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (control == MAP_FAILED || thunks == MAP_FAILED)
        abort();
    control->owner = getpid();
    control->armed_kind = -1;
    control->always[0].kind = control->always[1].kind = -1;
    control->kinds = KINDS;
    for (i = 0; i < KINDS; i++)
        strcpy(control->kind_names[i], kind_names[i]);
}

static void note_library(const void *function)
{
    Dl_info info;
    const ElfW(Ehdr) *head;
    const ElfW(Phdr) *part;
    uintptr_t base;
    uintptr_t end = 0;
    int i;

    if (dladdr(function, &info) == 0)
        abort();
    base = (uintptr_t)info.dli_fbase;
    for (i = 0; i < library_count; i++) {
        if (libraries[i].begin == base)
            return;
    }
    if (i == LIBRARIES)
        abort();
    head = info.dli_fbase;
    part = (const ElfW(Phdr) *)(base + head->e_phoff);
    for (i = 0; i < head->e_phnum; i++) {
        if (part[i].p_type == PT_LOAD && part[i].p_vaddr + part[i].p_memsz > end)
            end = part[i].p_vaddr + part[i].p_memsz;
    }
    libraries[library_count].begin = base;
    libraries[library_count].end = base + end;
    library_count++;
}

/* Instructions that note which native it is, and jump to it. No register is changed that a call does not change anyway. */
static void *thunk(int index, const void *function)
{
    unsigned char *const code = thunks + index * THUNK_BYTES;
    unsigned char *at = code;
    char *thread;
    int32_t offset;

    __asm__("mov %%fs:0, %0" : "=r"(thread));
    offset = (int32_t)((char *)&native - thread);
    at = mempcpy(at, "\x64\xc7\x04\x25", 4); /* movl $index, %fs:offset */
    at = mempcpy(at, &offset, 4);
    at = mempcpy(at, &index, 4);
    at = mempcpy(at, "\x49\xbb", 2); /* movabs $function, %r11 */
    at = mempcpy(at, &function, 8);
    mempcpy(at, "\x41\xff\xe3", 3); /* jmp *%r11 */
    return code;
}

void *dlsym(void *handle, const char *name)
{
    static const char prefix[] = "Java_io_standpipe_internal_jni_Native_";
    void *found;
    int index;
    char *to;

    if (real_dlsym == NULL)
        real_dlsym = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    /* RTLD_NEXT goes by the caller: this has to stay a jump. */
    if (control == NULL || strncmp(name, prefix, sizeof prefix - 1) != 0)
        return real_dlsym(handle, name);
    found = real_dlsym(handle, name);
    if (found == NULL)
        return NULL;
    note_library(found);
    index = __atomic_fetch_add(&control->natives, 1, __ATOMIC_SEQ_CST);
    if (index >= MOST_NATIVES)
        abort();
    to = control->native_names[index];
    /* As JNI writes it: _1 is an underscore. */
    for (name += sizeof prefix - 1; *name != '\0'; name++) {
        *to++ = *name;
        if (name[0] == '_' && name[1] == '1')
            name++;
    }
    return thunk(index, found);
}

static int is_ours(const void *caller)
{
    int i;

    for (i = 0; i < library_count; i++) {
        if ((uintptr_t)caller >= libraries[i].begin && (uintptr_t)caller < libraries[i].end)
            return 1;
    }
    return 0;
}

/* PASS, an error number, or SHORT. */
static int verdict(enum kind kind, const void *caller)
{
    int child;
    int i;

    if (library_count == 0 || !is_ours(caller))
        return PASS;
    child = getpid() != control->owner;
    control->counts[child][native][kind]++;
    if (control->always_in_child == child) {
        for (i = 0; i < 2; i++) {
            if (control->always[i].kind == (int)kind)
                return control->always[i].with;
        }
    }
    if (control->armed_kind != (int)kind || control->armed_in_child != child)
        return PASS;
    if (++control->seen != control->armed_at)
        return PASS;
    control->hits++;
    control->hit_native = native;
    return control->armed_with;
}

#define CALLER __builtin_return_address(0)

#define FAIL_IF_TOLD(kind)                             \
    do {                                               \
        const int told = verdict(kind, CALLER);        \
        if (told > 0) {                                \
            errno = told;                              \
            return -1;                                 \
        }                                              \
    } while (0)

/* Half of a length, if a short result is wanted. */
#define CUT_IF_TOLD(kind, length)                      \
    do {                                               \
        const int told = verdict(kind, CALLER);        \
        if (told > 0) {                                \
            errno = told;                              \
            return -1;                                 \
        }                                              \
        if (told == SHORT && (length) > 1)             \
            (length) /= 2;                             \
    } while (0)

int pipe2(int ends[2], int flags) { FAIL_IF_TOLD(KIND_pipe2); return NEXT(pipe2)(ends, flags); }
int dup3(int fd, int to, int flags) { FAIL_IF_TOLD(KIND_dup3); return NEXT(dup3)(fd, to, flags); }
int fchown(int fd, uid_t uid, gid_t gid) { FAIL_IF_TOLD(KIND_fchown); return NEXT(fchown)(fd, uid, gid); }
int fchmod(int fd, mode_t mode) { FAIL_IF_TOLD(KIND_fchmod); return NEXT(fchmod)(fd, mode); }
int epoll_create1(int flags) { FAIL_IF_TOLD(KIND_epoll_create1); return NEXT(epoll_create1)(flags); }
int uname(struct utsname *name) { FAIL_IF_TOLD(KIND_uname); return NEXT(uname)(name); }
int fdatasync(int fd) { FAIL_IF_TOLD(KIND_fdatasync); return NEXT(fdatasync)(fd); }
int flock(int fd, int operation) { FAIL_IF_TOLD(KIND_flock); return NEXT(flock)(fd, operation); }
int fsync(int fd) { FAIL_IF_TOLD(KIND_fsync); return NEXT(fsync)(fd); }
pid_t fork(void) { FAIL_IF_TOLD(KIND_fork); return NEXT(fork)(); }
int unshare(int flags) { FAIL_IF_TOLD(KIND_unshare); return NEXT(unshare)(flags); }
off_t lseek(int fd, off_t offset, int whence) { FAIL_IF_TOLD(KIND_lseek); return NEXT(lseek)(fd, offset, whence); }

int mkfifoat(int folder, const char *path, mode_t mode)
{
    FAIL_IF_TOLD(KIND_mkfifoat);
    return NEXT(mkfifoat)(folder, path, mode);
}

int fallocate(int fd, int mode, off_t at, off_t length)
{
    FAIL_IF_TOLD(KIND_fallocate);
    return NEXT(fallocate)(fd, mode, at, length);
}

int sync_file_range(int fd, off_t at, off_t length, unsigned flags)
{
    FAIL_IF_TOLD(KIND_sync_file_range);
    return NEXT(sync_file_range)(fd, at, length, flags);
}

int unlinkat(int folder, const char *path, int flags)
{
    FAIL_IF_TOLD(KIND_unlinkat);
    return NEXT(unlinkat)(folder, path, flags);
}

int poll(struct pollfd *fds, nfds_t count, int millis)
{
    FAIL_IF_TOLD(KIND_poll);
    return NEXT(poll)(fds, count, millis);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    FAIL_IF_TOLD(KIND_waitpid);
    return NEXT(waitpid)(pid, status, options);
}

int execve(const char *path, char *const argv[], char *const environment[])
{
    FAIL_IF_TOLD(KIND_execve);
    return NEXT(execve)(path, argv, environment);
}

int renameat(int from, const char *name, int to, const char *name_to)
{
    FAIL_IF_TOLD(KIND_renameat);
    return NEXT(renameat)(from, name, to, name_to);
}

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    FAIL_IF_TOLD(KIND_epoll_ctl);
    return NEXT(epoll_ctl)(epoll, operation, fd, event);
}

int sigaction(int signal, const struct sigaction *action, struct sigaction *before)
{
    FAIL_IF_TOLD(KIND_sigaction);
    return NEXT(sigaction)(signal, action, before);
}

int munmap(void *at, size_t length) { FAIL_IF_TOLD(KIND_munmap); return NEXT(munmap)(at, length); }

int clone(int (*function)(void *), void *stack, int flags, void *argument, ...)
{
    FAIL_IF_TOLD(KIND_clone);
    return NEXT(clone)(function, stack, flags, argument);
}

int prctl(int option, ...)
{
    va_list rest;
    unsigned long argument;

    va_start(rest, option);
    argument = va_arg(rest, unsigned long);
    va_end(rest);
    FAIL_IF_TOLD(KIND_prctl);
    return NEXT(prctl)(option, argument, 0UL, 0UL, 0UL);
}

/* Both fail with a pointer. */
#define FAIL_MAPPING_IF_TOLD(kind)                     \
    do {                                               \
        const int told = verdict(kind, CALLER);        \
        if (told > 0) {                                \
            errno = told;                              \
            return MAP_FAILED;                         \
        }                                              \
    } while (0)

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    FAIL_MAPPING_IF_TOLD(KIND_mmap);
    return NEXT(mmap)(at, length, protection, flags, fd, offset);
}

void *mremap(void *at, size_t length, size_t new_length, int flags, ...)
{
    FAIL_MAPPING_IF_TOLD(KIND_mremap);
    return NEXT(mremap)(at, length, new_length, flags);
}

ssize_t readlinkat(int folder, const char *path, char *into, size_t length)
{
    FAIL_IF_TOLD(KIND_readlinkat);
    return NEXT(readlinkat)(folder, path, into, length);
}

/* Whatever close says, the number is free. */
int close(int fd)
{
    const int told = verdict(KIND_close, CALLER);
    const int result = NEXT(close)(fd);

    if (told > 0) {
        errno = told;
        return -1;
    }
    return result;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    mode_t mode;

    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
    FAIL_IF_TOLD(KIND_open);
    return NEXT(open)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    mode_t mode;

    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
    FAIL_IF_TOLD(KIND_openat);
    return NEXT(openat)(folder, path, flags, mode);
}

/* One byte where there are two in a pipe comes of a packet only: so packets are told. */
ssize_t read(int fd, void *into, size_t length)
{
    size_t cut = length;

    CUT_IF_TOLD(KIND_read, cut);
    return NEXT(read)(fd, into, length == 2 ? length : cut);
}

ssize_t write(int fd, const void *from, size_t length)
{
    CUT_IF_TOLD(KIND_write, length);
    return NEXT(write)(fd, from, length);
}

ssize_t pread(int fd, void *into, size_t length, off_t at)
{
    CUT_IF_TOLD(KIND_pread, length);
    return NEXT(pread)(fd, into, length, at);
}

ssize_t pwrite(int fd, const void *from, size_t length, off_t at)
{
    CUT_IF_TOLD(KIND_pwrite, length);
    return NEXT(pwrite)(fd, from, length, at);
}

static int is_pipe(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

static enum kind splice_kind(int from, int to, const void *caller)
{
    return !is_ours(caller) ? KIND_splice_pipes
        : !is_pipe(from)    ? KIND_splice_in
        : is_pipe(to)       ? KIND_splice_pipes
                            : KIND_splice_out;
}

/* Of splice's length, half of what is there, or out of a file a page. */
static long cut_splice(const long *a)
{
    const long page = sysconf(_SC_PAGESIZE);
    const int from_file = a[1] != 0;
    long length = a[4];
    int queued = 0;

    /* A length that asks for all says nothing of what is there. */
    if (ioctl((int)a[0], FIONREAD, &queued) == 0 && queued > 0 && queued < length)
        length = queued;
    if (from_file)
        return length > page ? page : length;
    return length > 1 ? length / 2 : length;
}

static enum kind unknown(long number, const void *caller)
{
    if (library_count > 0 && is_ours(caller))
        control->unknown = (int32_t)number;
    return KIND_unknown;
}

static enum kind fcntl_kind(int command, const void *caller)
{
    switch (command) {
#define KIND(name) case name: return KIND_##name;
    EACH_FCNTL(KIND)
#undef KIND
    default: return unknown(command, caller);
    }
}

static enum kind ioctl_kind(unsigned long command, const void *caller)
{
    switch (command) {
#define KIND(name) case name: return KIND_##name;
    EACH_IOCTL(KIND)
#undef KIND
    default: return unknown((long)command, caller);
    }
}

static enum kind number_kind(long number, const void *caller)
{
    switch (number) {
#define KIND(name) case SYS_##name: return KIND_##name;
#define TRANSFER(number, name) case number: return KIND_##name;
    EACH_NUMBER(KIND) EACH_TRANSFER(TRANSFER)
#undef KIND
#undef TRANSFER
    default: return unknown(number, caller);
    }
}

int fcntl(int fd, int command, ...)
{
    va_list rest;
    long argument;

    va_start(rest, command);
    argument = va_arg(rest, long);
    va_end(rest);
    FAIL_IF_TOLD(fcntl_kind(command, CALLER));
    return NEXT(fcntl)(fd, command, argument);
}

int ioctl(int fd, unsigned long command, ...)
{
    va_list rest;
    void *argument;

    va_start(rest, command);
    argument = va_arg(rest, void *);
    va_end(rest);
    FAIL_IF_TOLD(ioctl_kind(command, CALLER));
    return NEXT(ioctl)(fd, command, argument);
}

/* Half of a length or count, which is the third argument, and of splice the fifth. */
static void cut(long number, long *a)
{
    if (number == SYS_splice)
        a[4] = cut_splice(a);
    else if (a[2] > 1 && !(number == SYS_read && a[2] == 2)) /* half of two bytes tells of a packet */
        a[2] /= 2;
}

long syscall(long number, ...)
{
    va_list rest;
    long a[6];
    long result;
    int told;
    int i;

    va_start(rest, number);
    for (i = 0; i < 6; i++)
        a[i] = va_arg(rest, long);
    va_end(rest);
    told = verdict(number == SYS_splice ? splice_kind((int)a[0], (int)a[2], CALLER) : number_kind(number, CALLER), CALLER);
    if (told == SHORT)
        cut(number, a);
    /* Whatever close says, the number is free. */
    result = told > 0 && number != SYS_close ? -1 : NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (told > 0) {
        errno = told;
        return -1;
    }
    return result;
}
