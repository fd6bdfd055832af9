// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.Alone;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Alone("a user's pipes have a limited number of pages")
@ExtendWith(DescriptorLeakCheck.class)
class ManyPipesTest {

    private static final int PIPES = 2000;

    @TempDir
    Path folder;

    @BeforeEach
    void needManyPages() {
        if (!Host.has(Host.Capability.SYS_RESOURCE)) { // the pages of other users' pipes are limited by pipe-user-pages-soft
            Host.assumeRootWith(Host.Capability.SYS_ADMIN);
        }
    }

    @Test
    void twoThousandPipesKeepTheirBytes() throws IOException {
        Host.assumeDescriptors(6 * PIPES);
        Path image = folder.resolve("pipes.ckpt");
        List<TestPipe> pipes = new ArrayList<>();
        try {
            for (int i = 0; i < PIPES; i++) {
                pipes.add(TestPipe.holding(RandomBytes.of(i)));
            }
            int[] descriptors =
                    pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.readFd(), pipe.writeFd())).toArray();
            Checkpoint.ofDescriptors(descriptors).writeTo(image);
            try (RestoredPipes restored = Restore.from(image).open()) {
                assertEquals(2 * PIPES, restored.numbers().size());
                for (int i = 0; i < PIPES; i++) {
                    int r = restored.descriptor(pipes.get(i).readFd()).number();
                    assertArrayEquals(RandomBytes.of(i), PipeIo.readAll(r));
                }
            }
        } finally {
            pipes.forEach(TestPipe::close);
        }
    }

    @Test
    void payloadOf64MebibytesNeedsNoHeap() throws IOException, InterruptedException {
        ChildRun result = TestJvm.run(
                List.of("-Xmx32m"), LargePayload.class, folder.resolve("pipes.ckpt").toString());
        result.assertPrinted("67108864 bytes restored\n");
    }
}
