// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes that the caller has no right to look into. */
@ExtendWith(DescriptorLeakCheck.class)
class OtherUserTest {

    private static final String NOBODY = "65534";

    @TempDir
    Path folder;

    @BeforeEach
    void becomingAnotherUserIsAllowed() throws Exception {
        Host.assumeRoot();
        Host.assumeCommand("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "true");
    }

    @Test
    void aProcessOfAnotherUserIsRefusedWithFourAndNothingIsLeft() throws Exception {
        Path output = Files.createDirectory(folder.resolve("output"));
        String classPath = publicClassPath();
        Host.assumeCommand("chmod", "-R", "a+rwX", folder.toString());
        List<String> nobody = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        List<String> java = CommandRun.java(classPath, Main.class.getName());
        Host.assumeCommand(Stream.concat(nobody.stream(), Stream.of(java.get(0), "-version")).toArray(String[]::new));
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            List<String> command = new ArrayList<>(nobody);
            command.addAll(java);
            command.addAll(List.of("checkpoint", "--pid", Long.toString(holder.pid())));
            command.addAll(List.of("-o", output.resolve("app.ckpt").toString()));
            CommandRun.program(command)
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

    /** A copy of what the command needs, where every user can read it: a home folder may be closed to others. */
    private String publicClassPath() throws Exception {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.matches(".*(classes|javacpp|picocli|gson)[^/]*/?")) {
                Path copy = folder.resolve("class-path-" + copies.size());
                Host.assumeCommand("cp", "-r", entry, copy.toString());
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }
}
