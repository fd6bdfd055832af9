// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Application;
import io.standpipe.Restore;
import io.standpipe.testkit.Container;
import io.standpipe.testkit.Container.Form;
import io.standpipe.testkit.Container.Runtime;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import io.standpipe.testkit.TestApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JVMs in mount and pid namespaces of their own, and in user namespaces, asked from outside by root. */
@ExtendWith(DescriptorLeakCheck.class)
class AttachInContainerTest {

    @TempDir
    Path directory;

    /** @param mapped whether it has a user namespace */
    record Variant(Runtime runtime, Form form, boolean mapped, Jdk jdk) {
        @Override
        public String toString() {
            return runtime + ", " + form + (mapped ? ", in a user namespace, " : ", ") + jdk;
        }
    }

    static List<Variant> variants() throws IOException {
        List<Variant> variants = new ArrayList<>();
        for (Jdk jdk : Jdks.installed()) {
            for (Runtime runtime : Runtime.values()) {
                variants.add(new Variant(runtime, Form.WRITABLE, false, jdk));
                variants.add(new Variant(runtime, Form.WRITABLE, true, jdk));
                variants.add(new Variant(runtime, Form.TMP, false, jdk));
            }
        }
        return variants;
    }

    @ParameterizedTest
    @MethodSource("variants")
    void jvmInAContainerSavesToTheHostAndRestoresFromTheHost(Variant variant) throws Exception {
        Container container = Container.in(directory, variant.runtime(), variant.form(), variant.mapped());
        Path images = Files.createDirectory(directory.resolve("images"));
        Path image = images.resolve("app.ckpt");
        try (TestApplication application = start(container, variant.jdk())) {
            assertEquals("9", application.ask("write in_flight"));
            String saved = attach(application, "checkpoint", "--fd", application.pipe(), "--output", image);
            assertTrue(saved.contains("saved 1 pipe with 9 bytes in flight"), saved);
            assertTrue(saved.contains(" to " + image), saved);
            assertEquals(List.of("app.ckpt"), List.of(images.toFile().list()));
            assertEquals(0, Files.getAttribute(image, "unix:uid"));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(image)));
            assertEquals(9, Restore.from(image).check().pipes().values().iterator().next().payloadBytes());
            assertEquals("in_flight", application.ask("read"));
            String restored = attach(application, "restore", "--input", image);
            assertTrue(restored.contains("with 9 bytes in flight"), restored);
            assertEquals("in_flight", application.ask("read"));
            assertTrue(attach(application, "list").contains("0 of 65,536 bytes"));
            assertOnlyTheJvmsFilesAreIn(application);
            assertEquals("", application.saidItself());
            assertFalse(application.saysMore());
        }
    }

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    /** The JVM itself cannot make its socket then. */
    @ParameterizedTest
    @MethodSource("jdks")
    void jvmThatCanWriteNowhereIsRefusedAndNotHarmed(Jdk jdk) throws Exception {
        Container container = Container.in(directory, Runtime.UNSHARE, Form.READ_ONLY, false);
        try (TestApplication application = start(container, jdk)) {
            CommandRun.here("attach", application.pid(), "list")
                    .failed(1, "process " + application.pid() + ": nothing was sent to it", "its /tmp: Read-only file system", "a tmpfs will do");
            assertUnharmed(application);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void linksInTheContainerLeadWhereTheyLeadThere(Jdk jdk) throws Exception {
        Container container = Container.in(directory, Runtime.UNSHARE, Form.WRITABLE, true);
        Path tmp = container.root().resolve("tmp");
        Path trap = Files.createDirectory(container.root().resolve("app/trap"));
        Files.move(tmp, container.root().resolve("app/temporary"));
        Files.createSymbolicLink(tmp, Path.of("/app/temporary"));
        Files.createSymbolicLink(container.root().resolve("app/temporary/standpipe-attach-1"), Path.of("/app/trap"));
        try (TestApplication application = start(container, jdk)) {
            attach(application, "checkpoint", "--fd", application.pipe(), "--output", directory.resolve("app.ckpt"));
            assertTrue(attach(application, "list").contains("0 of 65,536 bytes"));
            assertEquals(0, trap.toFile().list().length);
            assertUnharmed(application);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatIsInTheWayIsNamedAndNothingIsSent(Jdk jdk) throws Exception {
        Container container = Container.in(directory, Runtime.UNSHARE, Form.WRITABLE, true);
        try (TestApplication application = start(container, jdk)) {
            for (String name : List.of(".attach_pid1", "tmp/.attach_pid1", "tmp/.java_pid1")) {
                Path inTheWay = Files.createFile(container.root().resolve(name)); // of root outside, who is nobody there
                CommandRun.here("attach", application.pid(), "list").failed(
                        1, "process " + application.pid() + ": ", inTheWay.getFileName() + " of user 0", "nothing was sent to it");
                Files.delete(inTheWay);
            }
            assertUnharmed(application);
            attach(application, "list");
            assertUnharmed(application);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void userOfTheNamespacesNeedsNoRoot(Jdk jdk) throws Exception {
        OtherUser user = OtherUser.in(Files.createDirectory(directory.resolve("home")));
        Container container = Container.in(directory, Runtime.UNSHARE, Form.WRITABLE, false);
        Host.run("chown", "-hR", OtherUser.ID + ":" + OtherUser.ID, container.root().toString());
        List<String> command = new ArrayList<>(List.of(user.command("unshare", "--user", "--map-root-user")));
        Host.assumeUserNamespacesOfUsers();
        command.addAll(container.java(jdk, Application.class));
        Path image = user.directory("images").resolve("app.ckpt");
        try (TestApplication application = new TestApplication(command, directory.resolve("err"))) {
            CommandRun run = user.run("attach", application.pid(), "checkpoint", "--fd", application.pipe(), "--output", image);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals(OtherUser.ID, Files.getAttribute(image, "unix:uid"));
            assertOnlyTheJvmsFilesAreIn(application);
            assertUnharmed(application);
        }
    }

    private TestApplication start(Container container, Jdk jdk) throws IOException {
        return new TestApplication(container.java(jdk, Application.class), directory.resolve("err"));
    }

    private static void assertUnharmed(TestApplication application) throws IOException {
        assertEquals("9", application.ask("write in_flight"));
        assertEquals("in_flight", application.ask("read"));
        assertEquals("", application.saidItself());
        assertFalse(application.saysMore());
    }

    private static String attach(TestApplication application, Object... arguments) throws Exception {
        List<Object> words = new ArrayList<>(List.of("attach", application.pid()));
        words.addAll(List.of(arguments));
        CommandRun run = CommandRun.here(words.toArray());
        assertEquals(0, run.exitStatus, () -> run.err + application.saidItself());
        return run.out + run.err;
    }

    private static void assertOnlyTheJvmsFilesAreIn(TestApplication application) {
        for (String place : List.of("root", "root/tmp")) {
            TreeSet<String> names = new TreeSet<>(List.of(Path.of("/proc/" + application.pid(), place).toFile().list()));
            names.removeIf(name -> !name.contains("standpipe") && !name.startsWith(".attach_pid"));
            assertEquals(new TreeSet<>(), names);
        }
    }
}
