// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes that the caller has no right to look into. */
@ExtendWith(DescriptorLeakCheck.class)
class OtherUserTest {

    @TempDir
    Path folder;

    @BeforeEach
    void needsRoot() {
        Host.assumeRoot();
    }

    @Test
    void aProcessOfAnotherUserIsRefusedWithFourAndNothingIsLeft() throws Exception {
        OtherUser user = OtherUser.in(folder);
        Path output = user.folder("output");
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            user.run("checkpoint", "--pid", holder.pid(), "-o", output.resolve("app.ckpt"))
                    .failed(4, "process " + holder.pid() + ": its descriptors may not be copied", "EPERM");
        }
        assertEquals(0, output.toFile().list().length);
    }

    @Test
    void rootWithoutCapabilitiesIsRefusedAProcessThatHasThem() throws Exception {
        Path output = Files.createDirectory(folder.resolve("output"));
        Host.assumeCommand("setpriv", "--bounding-set=-all", "true");
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.through(
                            List.of("setpriv", "--bounding-set=-all"),
                            "checkpoint", "--pid", holder.pid(), "-o", output.resolve("app.ckpt"))
                    .failed(4, "process " + holder.pid() + ": its descriptors may not be copied", "EPERM");
        }
        assertEquals(0, output.toFile().list().length);
    }
}
