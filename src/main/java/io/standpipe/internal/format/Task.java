// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process's place in the tree of processes, as an image has it: pids of 32 bits.
 *
 * @param depth 0 for one that is in no pid namespace of its own
 */
public record Task(int pid, int parentPid, int threadGroup, int processGroup, int session, int depth) {

    /** Returns the place of a process of an image, whose pids came from 32 bits. */
    public static Task of(Image.Process process) {
        return new Task(
                (int) process.pid(), (int) process.parentPid(), (int) process.threadGroup(), (int) process.processGroup(),
                (int) process.session(), process.depth());
    }

    /** Returns the pid of a process of an image, which came from 32 bits. */
    public static int pid(Image.Process process) {
        return (int) process.pid();
    }

    /** Returns the process that has this place. */
    public Image.Process process(Image.@Nullable Program program, Image.Table table) {
        return new Image.Process(pid, parentPid, threadGroup, processGroup, session, depth, program, table);
    }

    /** Returns a process with other fds of pipes. */
    public static Image.Process with(Image.Process process, List<Image.Descriptor> descriptors) {
        Image.Table table = process.table();
        return of(process).process(process.program(), new Image.Table(table.objref(), descriptors, table.others()));
    }
}
