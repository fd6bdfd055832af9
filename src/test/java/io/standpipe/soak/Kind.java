// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.internal.sys.NativeMemory;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;

/** The kinds of rounds. */
enum Kind {
    FILE(OwnRounds::file),
    COPYING(OwnRounds::copying),
    STREAM(OwnRounds::stream),
    SNAPSHOT(OwnRounds::snapshot),
    PROCESS(ProcessRound::run),
    IN_PLACE(InPlaceRound::run),
    REFUSED(RefusedRounds::run),
    EXHAUSTED(ExhaustedRound::run);

    /**
     * What a round has to work with.
     *
     * @param folder empty, and to be left so
     * @param memory for bytes on their way
     * @param helper a thread besides the round's own
     */
    record Bench(Random random, Path folder, NativeMemory memory, ExecutorService helper) {

        SoakPipes pipes() throws Exception {
            return new SoakPipes(random, memory);
        }

        Path image() {
            return folder.resolve("image.ckpt");
        }
    }

    /** One round, which checks what it does. */
    interface Round {
        void run(Bench bench) throws Exception;
    }

    final Round round;

    Kind(Round round) {
        this.round = round;
    }
}
