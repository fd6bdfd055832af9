// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The first checkpoint that a JVM takes of its own pipes, or the first restore: prints how many nanoseconds it took,
 * loading the native library included. The pipes are the JDK's, since making them by our own calls would load it
 * before.
 */
public final class FirstImage {

    private FirstImage() {}

    /** Arguments: checkpoint SET IMAGE, or restore IMAGE. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(arguments[0].equals("checkpoint")
                ? checkpoint(PipeSetSize.parse(arguments[1]), Path.of(arguments[2]))
                : restore(Path.of(arguments[1])));
    }

    private static long checkpoint(PipeSetSize size, Path image) throws IOException {
        List<Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < size.pipes(); i++) {
            pipes.add(Pipe.open());
            pipes.get(i).sink().write(ByteBuffer.allocate(size.bytesEach()));
        }
        long start = System.nanoTime();
        Checkpoint.ofObjects(pipes.toArray()).writeTo(image);
        return System.nanoTime() - start;
    }

    private static long restore(Path image) throws IOException {
        long start = System.nanoTime();
        Restore.from(image).open().close();
        return System.nanoTime() - start;
    }
}
