// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Saves and restores one set, once, and compares every byte: to be run with a small heap, or traced. */
public final class RoundTrip {

    private RoundTrip() {}

    /** Arguments: the set, such as 64x1MiB, and the folder for the image. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: RoundTrip SET FOLDER");
            System.exit(2);
        }
        Path image = Files.createDirectories(Path.of(arguments[1])).resolve("roundtrip.ckpt");
        try (PipeSet pipes = PipeSet.filled(PipeSetSize.parse(arguments[0]))) {
            CheckpointReport report = Checkpoint.ofDescriptors(pipes.descriptors()).writeTo(image);
            pipes.checkUntouched();
            compare(pipes, image);
            System.out.println("saved and restored " + report.pipes() + " pipes, " + report.payloadBytes()
                    + " bytes in flight, with a heap of at most " + Runtime.getRuntime().maxMemory() + " bytes");
        } finally {
            Files.deleteIfExists(image);
        }
    }

    private static void compare(PipeSet pipes, Path image) throws IOException {
        int[] descriptors = pipes.descriptors();
        try (RestoredPipes restored = Restore.from(image).open()) {
            for (int i = 0; i < pipes.count(); i++) {
                byte[] found = new byte[pipes.payload(i).length];
                try (DataInputStream in = new DataInputStream(restored.inputStream(descriptors[2 * i]))) {
                    restored.descriptor(descriptors[2 * i + 1]).close();
                    in.readFully(found);
                    if (in.read() >= 0 || !Arrays.equals(found, pipes.payload(i))) {
                        throw new IllegalStateException("pipe " + i + " has other bytes than were saved");
                    }
                }
            }
        }
    }
}
