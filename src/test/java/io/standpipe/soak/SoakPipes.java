// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.RestoredPipes;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.Fd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** A few pipes of this process, for one round. */
final class SoakPipes implements AutoCloseable {

    private static final int MOST = 5;

    final List<SoakPipe> pipes = new ArrayList<>();
    private final NativeMemory memory;

    SoakPipes(Random random, NativeMemory memory) throws IOException {
        this.memory = memory;
        for (int i = random.nextInt(MOST); i >= 0; i--) {
            pipes.add(new SoakPipe(random, memory));
        }
    }

    /** The numbers of all descriptors. */
    int[] numbers() {
        return pipes.stream().flatMap(pipe -> pipe.descriptors().stream()).mapToInt(Fd::number).toArray();
    }

    /** Compares all that was restored. */
    void check(RestoredPipes restored) throws IOException {
        TreeSet<Integer> expected = new TreeSet<>();
        for (int number : numbers()) {
            expected.add(number);
        }
        SoakPipe.require(restored.numbers().equals(expected), restored.numbers() + " restored, expected " + expected);
        for (SoakPipe pipe : pipes) {
            pipe.check(restored, memory);
        }
    }

    /** Compares the pipes themselves: nothing was consumed before, and all is taken now. */
    void checkOriginals() throws IOException {
        for (SoakPipe pipe : pipes) {
            pipe.check(pipe.reader(), memory);
        }
    }

    @Override
    public void close() {
        pipes.forEach(SoakPipe::close);
    }
}
