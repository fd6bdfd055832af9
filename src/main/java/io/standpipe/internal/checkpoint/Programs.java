// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.format.ProgramRecord;
import io.standpipe.internal.proc.ProgramReader;
import io.standpipe.internal.sys.Failures;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of one checkpoint are, so that an image names them. Each is read once: before the freeze, if it is there by then. A
 * checkpoint does not fail if it cannot be read.
 */
final class Programs {

    private final ProgramReader reader =
            new ProgramReader(ProgramRecord.MOST_COMMAND_LINE_BYTES, ProgramRecord.MOST_USER_BYTES);
    private final Map<Integer, Optional<Image.Program>> byPid = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    /** Reads what processes are, except those that were read before. */
    void read(List<Integer> pids) {
        pids.forEach(this::of);
    }

    /** Returns what a process is; null if it has ended, or cannot be looked at. */
    Image.@Nullable Program of(int pid) {
        return byPid.computeIfAbsent(pid, this::find).orElse(null);
    }

    private Optional<Image.Program> find(int pid) {
        try {
            return Optional.of(reader.read(pid));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            String what = "process " + pid + ": the image does not say what it was, since its command line cannot be read";
            notes.add(Failures.of(what, e).getMessage());
            return Optional.empty();
        }
    }

    /** Returns a sentence for each process that could not be looked at. */
    List<String> notes() {
        return notes;
    }
}
