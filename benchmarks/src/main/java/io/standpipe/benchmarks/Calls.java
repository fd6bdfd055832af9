// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Does one and the same thing so many times, for its system calls to be counted: see calls.sh. */
public final class Calls {

    private Calls() {}

    /** Arguments: checkpoint, stream or restore, the set, the folder for the image, and how many times. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: Calls checkpoint|stream|restore SET FOLDER TIMES");
            System.exit(2);
        }
        Path image = Files.createDirectories(Path.of(arguments[2])).resolve("calls.ckpt");
        try (PipeSet pipes = PipeSet.filled(PipeSetSize.parse(arguments[1])); Drain drain = new Drain()) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipes.descriptors());
            Contender.Work work = switch (arguments[0]) {
                case "checkpoint" -> () -> checkpoint.writeTo(image);
                case "stream" -> () -> checkpoint.streamTo(drain.descriptor());
                case "restore" -> () -> Restore.from(image).open().close();
                default -> throw new IllegalArgumentException("checkpoint, stream or restore, not " + arguments[0]);
            };
            checkpoint.writeTo(image);
            for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
                work.run();
            }
        } finally {
            Files.deleteIfExists(image);
        }
    }
}
