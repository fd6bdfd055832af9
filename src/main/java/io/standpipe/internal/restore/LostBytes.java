// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import io.standpipe.internal.format.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Saved pipes that hold bytes and are not made at all, since none of their descriptors is restored. Those that no saved process read
 * are not among them: whoever read them was somebody else, and has the bytes.
 */
final class LostBytes {

    private record Saved(int pid, int fd) {}

    private final Map<Integer, Image.Pipe> pipes;
    private final TreeSet<Integer> restoredPids;
    private final boolean single;
    /** By the pipe's objref. */
    private final Map<Integer, List<Saved>> lost = new LinkedHashMap<>();

    /**
     * @param saved all processes with all fds
     * @param restored the processes that something takes the place of, with the fds that are restored
     */
    LostBytes(List<Image.Process> saved, List<Image.Process> restored, Map<Integer, Image.Pipe> pipes) {
        this.pipes = pipes;
        restoredPids = Replacements.pids(restored);
        single = saved.size() == 1;
        Set<Integer> read = new HashSet<>();
        for (Image.Process process : saved) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                int objref = descriptor.description().pipeObjref();
                if (Objects.requireNonNull(pipes.get(objref)).payloadBytes() > 0) {
                    lost.computeIfAbsent(objref, none -> new ArrayList<>()).add(new Saved(Task.pid(process), descriptor.fd()));
                }
                if (descriptor.description().accessMode().canRead()) {
                    read.add(objref);
                }
            }
        }
        lost.keySet().retainAll(read);
        for (Image.Process process : restored) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                lost.remove(descriptor.description().pipeObjref());
            }
        }
    }

    /** Returns a sentence for each such pipe. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        lost.forEach((objref, fds) -> warnings.add("pipe " + objref + ": its " + Objects.requireNonNull(pipes.get(objref)).payloadBytes()
                + " bytes in flight are not restored: " + reason(fds) + "; they are in the image only: standpipe extract --pipe " + objref));
        return warnings;
    }

    private String reason(List<Saved> fds) {
        List<String> reasons = new ArrayList<>();
        List<String> names = fds.stream().filter(each -> restoredPids.contains(each.pid()))
                .map(each -> (single ? "" : each.pid() + ":") + each.fd())
                .toList();
        if (!names.isEmpty()) {
            reasons.add((names.size() == 1 ? "descriptor " : "descriptors ") + String.join(", ", names)
                    + (names.size() == 1 ? " is" : " are") + " left out");
        }
        TreeSet<Integer> gone = fds.stream().map(Saved::pid).collect(Collectors.toCollection(TreeSet::new));
        gone.removeAll(restoredPids);
        if (!gone.isEmpty()) {
            reasons.add((gone.size() == 1 ? "process " : "processes ")
                    + gone.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + (gone.size() == 1 ? " has" : " have") + " no command");
        }
        return String.join(", and ", reasons);
    }
}
