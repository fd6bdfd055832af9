// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/**
 * Whether, and how, processes are frozen while a checkpoint of their pipes is taken.
 *
 * <p>However they are frozen, the kernel ends some calls that a thread waits in with EINTR, where the program has to repeat them:
 * epoll_wait, sigtimedwait, semtimedop, and receiving from a socket that has a timeout. Reads and writes, poll, select and
 * sleeping go on.
 *
 * @since 0.1
 */
public enum Freeze {

    /** Not at all: each pipe is saved as of an instant of its own. */
    NONE,

    /**
     * By ptrace: all pipes are saved as of one instant. No signal is sent, and the parent of a process notices nothing. A process that
     * is traced already, as by a debugger, cannot be frozen so.
     */
    PTRACE,

    /**
     * By SIGSTOP: all pipes are saved as of one instant. The parent of a process is told: a shell reports a stopped job, and a
     * parent that waits with WUNTRACED, such as su or script, may stop itself. The process's own handler for SIGCONT runs.
     */
    STOP,

    /**
     * By freezing their cgroups, with everything else that is in them: all pipes are saved as of one instant, and no parent notices.
     * This process must be allowed to freeze these cgroups.
     */
    CGROUP
}
