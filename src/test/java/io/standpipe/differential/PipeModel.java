// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import java.util.ArrayDeque;

/**
 * The buffers of a pipe as the kernel keeps them, followed by the test: it knows what no system call tells, namely whether a
 * write would go on in the last one, and from where.
 */
final class PipeModel {

    static final int PAGE = 4096;

    private static final class Slot {
        int begin;
        int length;
        final boolean packet;
        final boolean mergeable;

        Slot(int begin, int length, boolean packet, boolean mergeable) {
            this.begin = begin;
            this.length = length;
            this.packet = packet;
            this.mergeable = mergeable;
        }
    }

    private final ArrayDeque<Slot> slots = new ArrayDeque<>();

    /** A write that returned so many of the bytes it was given. */
    void written(int given, long taken, boolean packets) {
        long left = taken;
        int chars = given % PAGE;
        Slot last = slots.peekLast();
        if (chars > 0 && last != null && last.mergeable && last.begin + last.length + chars <= PAGE) {
            last.length += chars;
            left -= chars;
        }
        while (left > 0) {
            int length = (int) Math.min(left, PAGE);
            slots.add(new Slot(0, length, packets, !packets));
            left -= length;
        }
    }

    /** A slot that came by tee, or by a splice from a file. */
    void placed(int length, boolean packet) {
        slots.add(new Slot(0, length, packet, false));
    }

    /** A slot that a splice moved here from another pipe. */
    void moved(int length, boolean packet, boolean whole) {
        slots.add(new Slot(0, length, packet, whole && !packet));
    }

    void read(int wanted) {
        int left = wanted;
        while (left > 0 && !slots.isEmpty()) {
            Slot first = slots.peek();
            int taken = Math.min(left, first.length);
            left -= taken;
            first.begin += taken;
            first.length -= taken;
            if (first.packet) {
                slots.poll();
                return;
            }
            if (first.length == 0) {
                slots.poll();
            }
        }
    }

    int count() {
        return slots.size();
    }

    /** Whether only a full pipe would tell what its last slot still takes. */
    boolean isAmbiguous() {
        Slot last = slots.peekLast();
        return last != null && !last.packet && last.length < PAGE && (!last.mergeable || last.begin > 0);
    }
}
