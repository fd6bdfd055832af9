// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

/** Whether, and how, processes stand still while a snapshot of their pipes is taken. */
public enum Freeze {

    /** They run on: each pipe is saved as of one instant of its own. */
    NONE,

    /**
     * They are stopped by SIGSTOP: all pipes are saved as of one instant. Whoever watches them, such as the shell that
     * started them, may tell of a stopped job.
     */
    STOP,

    /** Their cgroups are frozen, with whatever else is in these; nobody is told. The caller must be allowed to. */
    CGROUP
}
