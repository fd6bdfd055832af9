// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.util.List;

/**
 * What a checked image holds: processes, their tables of descriptors, the open file descriptions and the pipes behind
 * them. Payload stays in the image; only its place is here.
 *
 * @param info null in an image without extension records: the kernel series' own
 * @param pipes in the order they were met
 * @param records how many records there are, and of those how many extensions that this reader does not know
 */
public record Image(
        HeaderRecord header, String release, String version, String machine, InfoRecord info, List<Process> processes,
        List<Pipe> pipes, long records, long unknownRecords, long sizeBytes) {

    /**
     * As many descriptors an image may have, those of a shared table counted for each of its processes. A small image could
     * have more of them than there is time and memory for.
     */
    public static final int MOST_DESCRIPTORS = 1 << 20;

    /** A process. Two processes may share one table. */
    public record Process(TreeRecord.Task task, Table table) {}

    /** A table of descriptors, in the image's order. */
    public record Table(int objref, List<Descriptor> descriptors) {}

    /** A descriptor: one name of an open file description. */
    public record Descriptor(int number, boolean closeOnExec, Description description) {}

    /**
     * An open file description: one end of a pipe, or both.
     *
     * @param name null unless it is of a FIFO
     * @param owner null where nobody gets its signals and the signal is the usual one
     */
    public record Description(int objref, FileRecord file, FileNameRecord name, OwnerRecord owner, Pipe pipe) {}

    /**
     * A pipe.
     *
     * @param fileType of all its descriptions, {@link FileRecord#TYPE_PIPE} or {@link FileRecord#TYPE_FIFO}
     * @param state null where the image has no PIPE_STATE for it
     * @param slots null where the bytes lie as writing them would have laid them
     * @param pageSizeBytes of the machine that wrote, which slots are measured by; 0 where the image does not tell
     * @param payloadOffsetBytes where in the image its bytes are
     * @param payloadBytes how many bytes were queued
     */
    public record Pipe(
            int objref, int fileType, PipeStateRecord state, SlotsRecord slots, int pageSizeBytes,
            long payloadOffsetBytes, long payloadBytes) {

        /** The capacity of a pipe that nobody resized, and of every pipe in the kernel series' images. */
        public static final int DEFAULT_CAPACITY_BYTES = 65_536;

        /** A FIFO that no path led to any more. */
        public boolean isNameless() {
            return state != null && state.isNameless();
        }

        public int capacityBytes() {
            return state == null ? DEFAULT_CAPACITY_BYTES : state.capacityBytes();
        }
    }
}
