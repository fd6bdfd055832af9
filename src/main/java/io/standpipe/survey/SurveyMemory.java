// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.NativeMemory;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Memory for surveys, kept from one checkpoint to the next: new memory has to be zeroed, and brought in page by page. */
final class SurveyMemory {

    private static final int FIRST_BYTES = 1 << 16;
    private static final int MOST_KEPT_BYTES = 1 << 20;
    private static final AtomicReferenceArray<NativeMemory> KEPT = new AtomicReferenceArray<>(2);

    private SurveyMemory() {}

    /** Memory in the machine's own byte order with anything in it. */
    static NativeMemory take() {
        for (int i = 0; i < KEPT.length(); i++) {
            NativeMemory kept = KEPT.getAndSet(i, null);
            if (kept != null) {
                return kept;
            }
        }
        return NativeMemory.nativeOrder(FIRST_BYTES);
    }

    /** Twice as much, with the same in it. */
    static NativeMemory larger(NativeMemory memory) {
        NativeMemory larger = NativeMemory.nativeOrder(Math.multiplyExact(2, memory.sizeBytes()));
        larger.buffer().put(0, memory.buffer(), 0, memory.sizeBytes());
        return larger;
    }

    /** For the next one who takes some, unless it is very much. */
    static void giveBack(NativeMemory memory) {
        if (memory.sizeBytes() > MOST_KEPT_BYTES) {
            return;
        }
        memory.buffer().clear();
        for (int i = 0; i < KEPT.length(); i++) {
            if (KEPT.compareAndSet(i, null, memory)) {
                return;
            }
        }
    }
}
