// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.Image;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which ends of a FIFO are restored.
 *
 * @param reader whether a read end is
 * @param writer whether a write end is
 * @param metWriter whether a read end is that has met a writer, so that poll reports the hang-up
 */
record FifoEnds(boolean reader, boolean writer, boolean metWriter) {

    /** Returns the ends of each FIFO, by its objref. */
    static Map<Integer, FifoEnds> of(List<Image.Process> processes) {
        Map<Integer, FifoEnds> ends = new HashMap<>();
        for (Image.Process process : processes) {
            for (Image.Descriptor descriptor : process.table().descriptors()) {
                Image.Description description = descriptor.description();
                if (description.isFifo()) {
                    boolean reader = description.accessMode().canRead();
                    boolean writer = description.accessMode().canWrite();
                    ends.merge(
                            description.pipeObjref(),
                            new FifoEnds(reader, writer, reader && !description.metNoWriter()),
                            FifoEnds::and);
                }
            }
        }
        return ends;
    }

    private FifoEnds and(FifoEnds other) {
        return new FifoEnds(reader || other.reader, writer || other.writer, metWriter || other.metWriter);
    }

    /** Returns whether a writer is needed: for good, or for a moment to put contents in or to be met. */
    boolean needsWriter(Image.Pipe pipe) {
        return writer || metWriter || pipe.payloadBytes() > 0;
    }
}
