// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ExitStatusTest {

    @TempDir
    Path folder;

    @Test
    void aGarbageImageIsRefusedWithThree() throws Exception {
        Path garbage = Files.writeString(folder.resolve("garbage.ckpt"), "this is no image".repeat(100));
        CommandRun.of("show", garbage).failed(3, garbage.toString());
        CommandRun.of("restore", garbage, "--", "cat").failed(3, garbage.toString());
    }

    @Test
    void anEmptyImageIsRefusedWithThree() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.ckpt"));
        CommandRun.here("show", empty).failed(3, empty.toString());
    }

    @Test
    void aMissingImageFailsWithOne() throws Exception {
        Path missing = folder.resolve("missing.ckpt");
        CommandRun.here("show", missing).failed(1, missing.toString(), "there is no such file");
    }

    @Test
    void aProcessThatDoesNotExistFailsWithOneAndLeavesNoFile() throws Exception {
        CommandRun.here("checkpoint", "--pid", Integer.MAX_VALUE, "-o", folder.resolve("app.ckpt"))
                .failed(1, "process " + Integer.MAX_VALUE, "there is no such process");
        assertNothingIn(folder);
    }

    @Test
    void aDescriptorThatIsNoPipeFailsWithOneAndLeavesNoFile() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.of("checkpoint", "--pid", holder.pid(), "--fd", "0", "-o", folder.resolve("app.ckpt"))
                    .failed(1, "descriptor 0");
        }
        assertNothingIn(folder);
    }

    @Test
    void anOutputFolderThatDoesNotExistFailsWithOne() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        Path image = folder.resolve("nowhere/app.ckpt");
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.here("checkpoint", "--pid", holder.pid(), "-o", image).failed(1, image.toString(), "ENOENT");
        }
    }

    @Test
    void aCommandThatIsNotFoundEndsWith127() throws Exception {
        CommandRun.of("restore", image(), "--", "no-such-command-anywhere")
                .failed(127, "no-such-command-anywhere");
        CommandRun.of("restore", image(), "--", folder.resolve("absent")).failed(127, "absent");
    }

    @Test
    void aCommandThatIsNotExecutableEndsWith126() throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "echo no\n");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-------"));
        CommandRun.of("restore", image(), "--", plain).failed(126, plain.toString());
        CommandRun.of("restore", image(), "--", folder).failed(126, folder.toString());
    }

    @Test
    void aScriptWhoseInterpreterDoesNotExistEndsWithOneLine() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        CommandRun.of("restore", image(), "--", script).failed(127, script.toString(), "ENOENT");
    }

    @Test
    void theRestoredCommandsOwnStatusIsPassedOn() throws Exception {
        assertEquals(7, CommandRun.of("restore", image(), "--", "sh", "-c", "exit 7").exitStatus);
    }

    @Test
    void aRestoredCommandThatASignalKillsIsSeenSoByItsParent() throws Exception {
        assertEquals(128 + 15, CommandRun.of("restore", image(), "--", "sh", "-c", "kill -TERM $$").exitStatus);
    }

    private Path image() throws Exception {
        Path image = folder.resolve("app.ckpt");
        return Files.exists(image) ? image : PipeHolder.save(image, "4", "-", "payload");
    }

    private static void assertNothingIn(Path folder) {
        String[] names = folder.toFile().list();
        assertTrue(names != null && names.length == 0, () -> "left behind: " + String.join(", ", names));
    }
}
