/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program standpipe-hold: it keeps the fds open that it is started with, reads and writes none of them, and ends by itself after
 * a time. It is without a C library, so that it starts wherever the JVM does, and takes some kilobytes of memory. A child of its does
 * the work, while it ends: so nobody has to wait for the holder's end, least of all a command that the starter becomes.
 *
 * Its arguments are for people who look at ps. What it needs is in its environment, in decimal:
 *   FOR_SECONDS  after how many seconds it ends
 *   DROP         which of 0, 1 and 2 it closes, as bits: those that it got from the starter and is not to hold
 *   READY        the write end of a pipe, which gets the pid, an int32_t, once ps shows it as what it is
 *   CONTROL      the read end of a pipe. When the pipe is at its end, as when the starter was killed, it ends, too; but if the last
 *                byte there was another than 'E', it goes on until its time is over
 */
#include <asm/unistd.h>
#include <linux/prctl.h>
#include <stddef.h>
#include <stdint.h>

#define NAME "standpipe-hold"
#define END 'E'
#define CLOCK_BOOTTIME 7
#define POLLIN 1
#define SIGCHLD 17

struct time {
    int64_t seconds;
    int64_t nanos;
};

struct poll {
    int fd;
    short events;
    short revents;
};

#if defined(__x86_64__)
__asm__(".globl _start\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov %rsp, %rdi\n"
        "    and $-16, %rsp\n"
        "    call hold\n");

static long call5(long number, long a, long b, long c, long d, long e)
{
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n"
        "_start:\n"
        "    mov x29, #0\n"
        "    mov x30, #0\n"
        "    mov x0, sp\n"
        "    bl hold\n");

static long call5(long number, long a, long b, long c, long d, long e)
{
    register long which __asm__("x8") = number;
    register long first __asm__("x0") = a;
    register long second __asm__("x1") = b;
    register long third __asm__("x2") = c;
    register long fourth __asm__("x3") = d;
    register long fifth __asm__("x4") = e;

    __asm__ volatile("svc #0"
                     : "+r"(first)
                     : "r"(which), "r"(second), "r"(third), "r"(fourth), "r"(fifth)
                     : "memory");
    return first;
}
#else
#error "standpipe-hold is for x86-64 and arm64"
#endif

static long call1(long number, long a)
{
    return call5(number, a, 0, 0, 0, 0);
}

static int64_t now_seconds(void)
{
    struct time now = {0, 0};

    call5(__NR_clock_gettime, CLOCK_BOOTTIME, (long)&now, 0, 0, 0);
    return now.seconds;
}

/* Returns the number of a variable of the environment, or `otherwise`. */
static int64_t number_of(char *const *environment, const char *name, int64_t otherwise)
{
    for (; *environment != NULL; environment++) {
        const char *at = *environment;
        const char *of = name;
        int64_t number = 0;

        while (*of != '\0' && *at == *of) {
            at++;
            of++;
        }
        if (*of != '\0' || *at != '=')
            continue;
        for (at++; *at >= '0' && *at <= '9'; at++)
            number = number * 10 + (*at - '0');
        return number;
    }
    return otherwise;
}

static __attribute__((noreturn)) void end_now(void)
{
    for (;;)
        call1(__NR_exit_group, 0);
}

/* Called with the stack that a process begins with: the count of arguments, the arguments, a null, the environment. */
__attribute__((noreturn, used)) void hold(long *stack);

void hold(long *stack)
{
    char *const *environment = (char *const *)(void *)(stack + 1) + stack[0] + 1;
    /* The second that has begun does not count: it may be over at once. */
    const int64_t end = now_seconds() + 1 + number_of(environment, "FOR_SECONDS", 0);
    struct poll control = {.fd = (int)number_of(environment, "CONTROL", -1), .events = POLLIN};
    char last = END;
    const long ready = (long)number_of(environment, "READY", -1);
    const int64_t drop = number_of(environment, "DROP", 0);
    int fd;
    int32_t pid;
    int64_t left;

    if (call5(__NR_clone, SIGCHLD, 0, 0, 0, 0) != 0)
        end_now();
    for (fd = 0; fd < 3; fd++) {
        if ((drop >> fd & 1) != 0)
            call1(__NR_close, fd);
    }
    call1(__NR_setsid, 0);
    call1(__NR_chdir, (long)"/");
    call5(__NR_prctl, PR_SET_NAME, (long)NAME, 0, 0, 0);
    pid = (int32_t)call1(__NR_getpid, 0);
    call5(__NR_write, ready, (long)&pid, sizeof pid, 0, 0);
    call1(__NR_close, ready);
    while ((left = end - now_seconds()) > 0) {
        const struct time time = {left, 0};

        if (call5(__NR_ppoll, (long)&control, 1, (long)&time, 0, 0) <= 0 || control.fd == -1)
            continue;
        if (call5(__NR_read, control.fd, (long)&last, 1, 0, 0) > 0)
            continue;
        if (last == END)
            break;
        call1(__NR_close, control.fd);
        control.fd = -1;
    }
    end_now();
}
