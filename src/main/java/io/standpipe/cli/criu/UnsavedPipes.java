// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says which pipes of a dump are not as they were, since CRIU does not save all of them. */
public final class UnsavedPipes {

    private static final int MOST_NAMED = 4;

    private UnsavedPipes() {}

    /** Returns a sentence for each thing that an image made from the dump lacks. */
    public static List<String> notes(CriuDump dump) {
        Set<CriuDump.PipeId> held = held(dump);
        List<CriuDump.PipeId> unread = held.stream().filter(pipe -> !dump.contents().containsKey(pipe)).toList();
        List<CriuDump.PipeId> elsewhere = dump.pipes().stream().filter(pipe -> !held.contains(pipe)).toList();
        List<String> notes = new ArrayList<>();
        if (!unread.isEmpty()) {
            notes.add(names(unread) + ": CRIU saved neither contents nor capacity, since no dumped process could read there; empty in the image");
        }
        if (!elsewhere.isEmpty()) {
            notes.add(names(elsewhere) + ": not in the image, since no dumped process has a descriptor there, though a message that waits in"
                    + " a socket may");
        }
        return notes;
    }

    private static Set<CriuDump.PipeId> held(CriuDump dump) {
        Set<CriuDump.PipeId> held = new LinkedHashSet<>();
        for (CriuDump.Process process : dump.processes()) {
            if (process.table() != null) {
                process.table().descriptors().forEach(descriptor -> held.add(descriptor.end().pipe()));
            }
        }
        return held;
    }

    private static String names(List<CriuDump.PipeId> pipes) {
        return pipes.size() > MOST_NAMED
                ? pipes.size() + " pipes"
                : pipes.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
