// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A medium with less room than the image needs. */
@ExtendWith(DescriptorLeakCheck.class)
class FullDiskTest {

    private static final byte[] OLD_IMAGE = {1, 2, 3};

    @TempDir
    Path folder;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mountSmallDisk() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        Host.assumeRootWith(Host.Capability.SYS_ADMIN);
        mounted = run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk.toString()) == 0;
        assertTrue(mounted, "a tmpfs is mounted");
        Files.write(disk.resolve("pipes.ckpt"), OLD_IMAGE);
    }

    @AfterEach
    void unmountSmallDisk() throws IOException, InterruptedException {
        if (mounted) {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    @Test
    void errorSaysThatNoSpaceIsLeft() throws IOException {
        String message = failure().getMessage();
        assertTrue(message.matches("image .*/pipes.ckpt: no room for \\d+ bytes more: no space is left"), message);
    }

    @Test
    void fullDiskLeavesNoFile() throws IOException {
        failure();
        try (Stream<Path> files = Files.list(disk)) {
            assertEquals(List.of(disk.resolve("pipes.ckpt")), files.toList());
        }
    }

    @Test
    void fullDiskLeavesOldImageWhole() throws IOException {
        failure();
        assertArrayEquals(OLD_IMAGE, Files.readAllBytes(disk.resolve("pipes.ckpt")));
    }

    private StandpipeException failure() throws IOException {
        try (TestPipe pipe = TestPipe.ofCapacity(1 << 18)) {
            pipe.write(RandomBytes.of(1 << 18));
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd());
            return assertThrows(
                    StandpipeException.class, () -> checkpoint.writeTo(disk.resolve("pipes.ckpt")));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
