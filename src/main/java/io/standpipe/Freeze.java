// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/** Whether, and how, processes are frozen while a checkpoint of their pipes is taken. */
public enum Freeze {

    /** Not at all: each pipe is saved as of an instant of its own. */
    NONE,

    /**
     * By SIGSTOP: all pipes are saved as of one instant. The parent of a process, such as a shell, may notice and report a stopped
     * job.
     */
    STOP,

    /**
     * By freezing their cgroups, with everything else that is in them: all pipes are saved as of one instant, and nobody notices. This
     * process must be allowed to freeze these cgroups.
     */
    CGROUP
}
