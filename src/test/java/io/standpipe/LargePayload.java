// SPDX-License-Identifier: Apache-2.0
package io.standpipe;


import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Saves 64 full pipes of 1 MiB, restores them, and prints how many bytes are queued in them. */
final class LargePayload {

    private static final int PIPES = 64;
    private static final int CAPACITY = 1 << 20;

    private LargePayload() {}

    public static void main(String[] arguments) throws IOException {
        Path image = Path.of(arguments[0]);
        List<TestPipe> pipes = new ArrayList<>();
        byte[] content = RandomBytes.of(CAPACITY / 4);
        for (int i = 0; i < PIPES; i++) {
            TestPipe pipe = TestPipe.ofCapacity(CAPACITY);
            for (int part = 0; part < 4; part++) {
                pipe.write(content);
            }
            pipes.add(pipe);
        }
        int[] descriptors = pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.readFd(), pipe.writeFd())).toArray();
        Checkpoint.ofDescriptors(descriptors).writeTo(image);
        pipes.forEach(TestPipe::closeWriteEnd);
        long queued = 0;
        try (RestoredPipes restored = Restore.from(image).open()) {
            for (TestPipe pipe : pipes) {
                queued += Pipes.queuedBytes(restored.descriptor(pipe.readFd()).number());
            }
        }
        System.out.print(queued + " bytes restored\n");
    }
}
