// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.NativeMemory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Memory for a survey's records and for the way to them, kept from one checkpoint to the next: new memory has to be zeroed, and
 * brought in page by page. {@link #take} and {@link #giveBack} are safe for use by several threads.
 */
final class SurveyMemory {

    private static final int FIRST_BYTES = 1 << 16;
    private static final int MOST_KEPT_BYTES = 1 << 20;
    private static final int FIRST_RECORDS = 64;
    private static final AtomicReferenceArray<SurveyMemory> KEPT = new AtomicReferenceArray<>(2);

    private NativeMemory records = NativeMemory.nativeOrder(FIRST_BYTES);
    private int[] numbers = new int[FIRST_RECORDS];
    private int[] places = new int[FIRST_RECORDS];
    private int count;

    private SurveyMemory() {}

    /** Memory in the machine's own byte order with anything in it, and a way to no record. */
    static SurveyMemory take() {
        for (int i = 0; i < KEPT.length(); i++) {
            SurveyMemory kept = KEPT.getAndSet(i, null);
            if (kept != null) {
                kept.count = 0;
                return kept;
            }
        }
        return new SurveyMemory();
    }

    /** For the next one who takes some, unless it is very much. */
    static void giveBack(SurveyMemory memory) {
        if (memory.records.sizeBytes() > MOST_KEPT_BYTES) {
            return;
        }
        memory.records.buffer().clear();
        for (int i = 0; i < KEPT.length(); i++) {
            if (KEPT.compareAndSet(i, null, memory)) {
                return;
            }
        }
    }

    NativeMemory records() {
        return records;
    }

    /** The first so many bytes of the records. */
    ByteBuffer told(int lengthBytes) {
        return records.buffer().limit(lengthBytes);
    }

    /** Has room for twice as many bytes of records, with the same in it. */
    void enlarge() {
        NativeMemory larger = NativeMemory.nativeOrder(Math.multiplyExact(2, records.sizeBytes()));
        larger.buffer().put(0, records.buffer(), 0, records.sizeBytes());
        records = larger;
    }

    /** Notes where the record of a descriptor is, whose number is higher than those before it. */
    void note(int number, int place) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
            places = Arrays.copyOf(places, 2 * count);
        }
        numbers[count] = number;
        places[count++] = place;
    }

    /** Which of the records noted is that of a descriptor; less than 0 if none is. */
    int find(int number) {
        return Arrays.binarySearch(numbers, 0, count, number);
    }

    /** Whether a record, counted from 0, is there and that of a descriptor. */
    boolean is(int index, int number) {
        return index < count && numbers[index] == number;
    }

    int count() {
        return count;
    }

    int number(int index) {
        return numbers[index];
    }

    int place(int index) {
        return places[index];
    }
}
