// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.Image;
import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.internal.format.Task;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** All that an image or a snapshot tells, as text, so that two of them can be compared. */
final class SavedText {

    private SavedText() {}

    /** Of pipes and what was queued. */
    static String of(Restore saved) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Image.Pipe pipe : saved.pipes()) {
            text.append("pipe ").append(pipe.objref()).append(' ').append(pipe.inode()).append(pipe.capacityBytes()).append(pipe.external()).append(pipe.unlinked()).append(contents(saved, pipe));
        }
        return text.toString();
    }

    /** Of what was queued, and how. */
    static String contents(Restore saved) throws IOException {
        return contents(saved, saved.pipes().get(0));
    }

    private static String contents(Restore saved, Image.Pipe pipe) throws IOException {
        try (Payload payload = saved.payload(pipe.objref())) {
            return " " + payload.slots().runs() + payload.slots().tailEndBytes() + " "
                    + Arrays.hashCode(payload.readAllBytes()) + "\n";
        }
    }

    /** The same of an image, with its processes and their descriptors. */
    static String ofImage(Restore saved) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Image.Process process : saved.check().processes()) {
            text.append(Task.of(process)).append('\n');
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                Image.Description description = descriptor.description();
                text.append("descriptor ").append(descriptor.fd()).append(descriptor.closeOnExec());
                text.append(' ').append(description.objref()).append(' ').append(description.flags());
                text.append(' ').append(description.owner()).append(' ').append(description.pipeObjref()).append('\n');
            }
        }
        return text + of(saved);
    }

    /** Compares line by line; tells the first that differs. */
    static void assertSame(String expected, String found) {
        List<String> lines = expected.lines().toList();
        List<String> others = found.lines().toList();
        for (int i = 0; i < Math.max(lines.size(), others.size()); i++) {
            String line = i < lines.size() ? lines.get(i) : "nothing";
            String other = i < others.size() ? others.get(i) : "nothing";
            if (!line.equals(other)) {
                throw new AssertionError("expected " + line + ", found " + other);
            }
        }
    }
}
