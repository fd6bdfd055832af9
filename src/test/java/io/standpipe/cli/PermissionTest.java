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

/** Processes that the caller may not trace. */
@ExtendWith(DescriptorLeakCheck.class)
class PermissionTest {

    @TempDir
    Path directory;

    @BeforeEach
    void needsRoot() {
        Host.assumeRoot();
    }

    @Test
    void processOfAnotherUserExitsWith4AndNothingIsLeft() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path output = user.directory("output");
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            user.run("checkpoint", "--pid", holder.pid(), "-o", output.resolve("app.ckpt"))
                    .failed(4, "process " + holder.pid() + ": its descriptors may not be copied", "EPERM");
        }
        assertEquals(0, output.toFile().list().length);
    }

    @Test
    void rootWithoutCapabilitiesIsRefusedPrivilegedProcess() throws Exception {
        Path output = Files.createDirectory(directory.resolve("output"));
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
