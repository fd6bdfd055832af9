// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ExitCodeTest {

    /** Beside those that are restored: the image, what is there for a moment, and the JVM's own. */
    private static final int MOST_OTHERS = 32;
    /** The JVM has one more for each jar of the class path that it looks into. */
    private static final int JARS = System.getProperty("java.class.path").split(File.pathSeparator).length;

    @TempDir
    Path directory;

    @Test
    void garbageImageExitsWith3() throws Exception {
        Path garbage = Files.writeString(directory.resolve("garbage.ckpt"), "this is no image".repeat(100));
        CommandRun.of("show", garbage).failed(3, garbage.toString());
    }

    @Test
    void emptyImageExitsWith3() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.ckpt"));
        CommandRun.here("show", empty).failed(3, empty.toString());
    }

    @Test
    void missingImageExitsWith1() throws Exception {
        Path missing = directory.resolve("missing.ckpt");
        CommandRun.here("show", missing).failed(1, missing.toString(), "there is no such file");
    }

    @Test
    void missingProcessExitsWith1AndLeavesNoFile() throws Exception {
        CommandRun.here("checkpoint", "--pid", Integer.MAX_VALUE, "-o", directory.resolve("app.ckpt"))
                .failed(1, "process " + Integer.MAX_VALUE, "there is no such process");
        assertNothingIn(directory);
    }

    @Test
    void fdThatIsNoPipeExitsWith1AndLeavesNoFile() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.of("checkpoint", "--pid", holder.pid(), "--fd", "0", "-o", directory.resolve("app.ckpt"))
                    .failed(1, "descriptor 0");
        }
        assertNothingIn(directory);
    }

    @Test
    void missingOutputDirectoryExitsWith1() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        Path image = directory.resolve("nowhere/app.ckpt");
        try (PipeHolder holder = PipeHolder.of("4", "-", "payload")) {
            CommandRun.here("checkpoint", "--pid", holder.pid(), "-o", image).failed(1, image.toString(), "there is no directory " + directory.resolve("nowhere"));
        }
    }

    /** 1, 3 and 4 may be the command's own status; what was typed wrong is wrong usage all the same. */
    @Test
    void restoreThatRunsNoCommandExitsWith125() throws Exception {
        Path garbage = Files.writeString(directory.resolve("garbage.ckpt"), "this is no image".repeat(100));
        CommandRun.of("restore", garbage, "--", "cat").failed(125, garbage.toString());
        CommandRun.of("restore", directory.resolve("missing.ckpt"), "--", "cat").failed(125, "there is no such file");
        CommandRun.of("restore", image(), "--no-such-option", "--", "cat").failed(2, "--no-such-option");
        CommandRun.of("restore", image(), "--run", "1=cat").failed(2, "no process had pid 1");
    }

    @Test
    void restoreThatCannotPlaceADescriptorExitsWith125() throws Exception {
        Path far = PipeHolder.save(directory.resolve("far.ckpt"), "900", "-", "payload");
        CommandRun.shell("ulimit -n 500; exec \"$@\"", "restore", far, "--", "cat")
                .failed(125, "descriptor 900: numbers end at 499 here (RLIMIT_NOFILE): raise it with ulimit -n 901");
    }

    /** Every read end has a number that another one has for the time being, and the write ends are there for a moment. */
    @Test
    void restoreNeedsFewDescriptorsBesideThoseThatItRestores() throws Exception {
        List<String> pipes = new ArrayList<>();
        for (int fd = 3; fd < 303; fd++) {
            pipes.addAll(List.of(Integer.toString(fd), "-", "at " + fd));
        }
        Path image = PipeHolder.save(directory.resolve("many.ckpt"), pipes.toArray(new String[0]));
        String[] command = {"--", "sh", "-c", "cat /proc/self/fd/3 /proc/self/fd/302"};
        CommandRun few = CommandRun.shell(
                "ulimit -n 306; exec \"$@\"", "restore", image, command[0], command[1], command[2], command[3]);
        Matcher needed = Pattern.compile("too many descriptors are open: this process may have 306 .*; raise it with ulimit -n (\\d+)\n").matcher(few.err);
        assertTrue(few.exitStatus == 125 && needed.find(), few.err);
        assertTrue(Integer.parseInt(needed.group(1)) <= 300 + MOST_OTHERS + JARS, few.err);
        assertEquals("at 3at 302", CommandRun.shell(
                        "ulimit -n " + needed.group(1) + "; exec \"$@\"", "restore", image, command[0], command[1], command[2], command[3])
                .succeeded().out);
    }

    @Test
    void missingCommandExitsWith127() throws Exception {
        CommandRun.of("restore", image(), "--", "no-such-command-anywhere")
                .failed(127, "no-such-command-anywhere");
        CommandRun.of("restore", image(), "--", directory.resolve("absent")).failed(127, "absent");
    }

    @Test
    void commandThatIsNotExecutableExitsWith126() throws Exception {
        Path plain = Files.writeString(directory.resolve("plain"), "echo no\n");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-------"));
        CommandRun.of("restore", image(), "--", plain).failed(126, plain.toString());
        CommandRun.of("restore", image(), "--", directory).failed(126, directory.toString());
    }

    @Test
    void scriptWithMissingInterpreterExitsWith127() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        CommandRun.of("restore", image(), "--", script).failed(127, script.toString(), "there is no /no/such/interpreter");
    }

    @Test
    void restoreExitsWithTheStatusOfItsCommand() throws Exception {
        assertEquals(7, CommandRun.of("restore", image(), "--", "sh", "-c", "exit 7").exitStatus);
    }

    @Test
    void parentSeesTheSignalThatKilledARestoredCommand() throws Exception {
        assertEquals(128 + 15, CommandRun.of("restore", image(), "--", "sh", "-c", "kill -TERM $$").exitStatus);
    }

    private Path image() throws Exception {
        Path image = directory.resolve("app.ckpt");
        return Files.exists(image) ? image : PipeHolder.save(image, "4", "-", "payload");
    }

    private static void assertNothingIn(Path directory) {
        String[] names = directory.toFile().list();
        assertTrue(names != null && names.length == 0, () -> "left behind: " + String.join(", ", names));
    }
}
