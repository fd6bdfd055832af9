// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.List;

/**
 * How the bytes of a pipe lie in its slots, the kernel's {@code pipe_buffer}s. A slot holds up to a page; a pipe is full when it
 * has no free slot, however few bytes that is.
 *
 * @param tailEndBytes where in its page the last slot ends, if a write goes on there; 0 if none does
 * @param runs from the first slot on
 * @since 0.1
 */
public record Slots(int tailEndBytes, List<Run> runs) {

    /**
     * Slots of one length and kind that follow one another.
     *
     * @param lengthBytes of each, above 0
     * @param count how many, above 0
     * @param packet whether a read takes one of them and no more: a write with O_DIRECT made it
     */
    public record Run(int lengthBytes, int count, boolean packet) {

        /** Returns the bytes in all slots of the run. */
        public long totalBytes() {
            return (long) lengthBytes * count;
        }

        /** Written by hand: JDK 17 never unloads the class of a record that generated code has compared. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Run
                    && ((Run) other).lengthBytes == lengthBytes
                    && ((Run) other).count == count
                    && ((Run) other).packet == packet;
        }

        @Override
        public int hashCode() {
            return 31 * lengthBytes + count;
        }
    }

    /** Copies the list. */
    public Slots {
        runs = List.copyOf(runs);
    }

    /** Returns how many slots there are. */
    public long count() {
        long count = 0;
        for (Run run : runs) {
            count += run.count();
        }
        return count;
    }

    /** Returns how many bytes are in all of them. */
    public long totalBytes() {
        long total = 0;
        for (Run run : runs) {
            total += run.totalBytes();
        }
        return total;
    }

    /** Returns whether any of them is a packet. */
    public boolean hasPackets() {
        for (Run run : runs) {
            if (run.packet()) {
                return true;
            }
        }
        return false;
    }
}
