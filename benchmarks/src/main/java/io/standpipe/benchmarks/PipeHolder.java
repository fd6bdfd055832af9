// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Another process, which holds both ends of a set of pipes and does nothing else. */
final class PipeHolder implements AutoCloseable {

    private static final int FIRST_END = 3;

    private final Process process;
    private final String set;

    private PipeHolder(Process process, String set) {
        this.process = process;
        this.set = set;
    }

    /** Returns when the pipes are filled. */
    static PipeHolder start(String set) throws IOException {
        return start(set, List.of("hold", set));
    }

    /** One in a session of its own that does not end with this process, so that it can be restored as another's child. */
    static PipeHolder livingOn(String set) throws IOException {
        return start(set, List.of("-l", "hold", set));
    }

    /** One with pipes out of the ordinary, living on in the same way. */
    static PipeHolder odd(String kind) throws IOException {
        return start(kind, List.of("odd", kind));
    }

    private static PipeHolder start(String set, List<String> arguments) throws IOException {
        Process process = Floor.start(arguments);
        if (process.getInputStream().read() != -1) {
            throw new IOException("the holder says something, expected nothing");
        }
        PipeHolder holder = new PipeHolder(process, set);
        if (!process.isAlive()) {
            throw new IOException("the holder of " + set + " has ended");
        }
        return holder;
    }

    long pid() {
        return process.pid();
    }

    /** The numbers that the read ends have there. */
    int[] readEnds() {
        return IntStream.range(0, PipeSetSize.parse(set).pipes()).map(i -> FIRST_END + 2 * i).toArray();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Floor.await(process);
    }
}
