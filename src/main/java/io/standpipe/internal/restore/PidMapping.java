// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.sys.ProcessCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What took the place of the saved processes, and is sent their signals. Signals go to no other process, since an image is not
 * to be trusted with pids.
 *
 * @param processes saved pid to the pid of what took its place
 * @param groups saved process group to the one that took its place; 0 if that is of a pid namespace outside
 * @param savedFds whether the restored fds get their saved numbers, which signals carry in si_fd
 */
public record PidMapping(Map<Integer, Integer> processes, Map<Integer, Integer> groups, boolean savedFds) {

    /** Returns a mapping of every saved process to this one. */
    public static PidMapping thisProcess(List<Image.Process> saved) {
        return thisProcess(saved, false);
    }

    /** Returns a mapping of every saved process to the command that this process becomes. */
    public static PidMapping thisCommand(List<Image.Process> saved) {
        return thisProcess(saved, true);
    }

    private static PidMapping thisProcess(List<Image.Process> saved, boolean savedFds) {
        int own = ProcessCalls.pid();
        Map<Integer, Integer> processes = new HashMap<>();
        saved.forEach(process -> processes.put(Task.pid(process), own));
        return of(saved, processes, savedFds);
    }

    /** Returns a mapping of some saved processes to commands, all of which are in this process's group. */
    public static PidMapping commands(List<Image.Process> saved, Map<Integer, Integer> processes) {
        return of(saved, processes, true);
    }

    private static PidMapping of(List<Image.Process> saved, Map<Integer, Integer> processes, boolean savedFds) {
        int own = ProcessCalls.processGroup();
        Map<Integer, Integer> groups = new HashMap<>();
        saved.forEach(process -> groups.put((int) process.processGroup(), own));
        return new PidMapping(processes, groups, savedFds);
    }
}
