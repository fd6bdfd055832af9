// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.internal.sys.ProcessCalls;



import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who gets the signals that saved processes got: an image is not to be trusted with the numbers of others.
 *
 * @param processes saved pid to the one that took its place
 * @param groups saved process groups whose place is taken by that of this process
 * @param oldNumbers whether they get the descriptors at their old numbers, which the signals tell
 */
public record PidMapping(Map<Integer, Integer> processes, Set<Integer> groups, boolean oldNumbers) {

    /** This process, in place of every saved one. */
    public static PidMapping thisProcess(List<Image.Process> saved) {
        return thisProcess(saved, false);
    }

    /** What this process becomes, in place of every saved one. */
    public static PidMapping thisCommand(List<Image.Process> saved) {
        return thisProcess(saved, true);
    }

    private static PidMapping thisProcess(List<Image.Process> saved, boolean oldNumbers) {
        int own = ProcessCalls.pid();
        Map<Integer, Integer> processes = new HashMap<>();
        saved.forEach(process -> processes.put(process.pid(), own));
        return of(saved, processes, oldNumbers);
    }

    /** Commands started in place of chosen processes, all in this process's group. */
    public static PidMapping commands(List<Image.Process> saved, Map<Integer, Integer> processes) {
        return of(saved, processes, true);
    }

    private static PidMapping of(
            List<Image.Process> saved, Map<Integer, Integer> processes, boolean oldNumbers) {
        Set<Integer> groups = new HashSet<>();
        saved.forEach(process -> groups.add(process.task().processGroup()));
        return new PidMapping(processes, groups, oldNumbers);
    }
}
