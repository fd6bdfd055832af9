// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static io.standpipe.testkit.Confinement.PTRACE;
import static io.standpipe.testkit.Confinement.USUAL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.Application;
import io.standpipe.Checkpoint;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.Confinement;
import io.standpipe.testkit.Confinement.Profile;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestApplication;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The command and its targets under the seccomp profiles and capabilities that container engines give by default, and with what helps. */
@ExtendWith(DescriptorLeakCheck.class)
class ContainerProfilesTest {

    private static final String PTRACE_REMEDY = "grant the container CAP_SYS_PTRACE";
    private static final String PROFILE_REMEDY = "docker run --security-opt seccomp=FILE";

    @TempDir
    static Path programs;

    private static Confinement confinement;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws Exception {
        confinement = Confinement.in(programs);
    }

    /** With root's capabilities, or with none but those in the bounding set, as a user of a Kubernetes container has them. */
    @ParameterizedTest
    @CsvSource({"PODMAN, true, false", "PODMAN, false, false", "DOCKER, true, true", "DOCKER_20_10, true, true"})
    void pipelineIsSavedAndRestoredWhereTheProfileAllows(Profile profile, boolean usual, boolean ptrace) throws Exception {
        List<String> inside = confinement.of(profile, (usual ? USUAL : 0) | (ptrace ? PTRACE : 0), 0);
        Path image = directory.resolve("app.ckpt");
        try (TestProcess shell = pipeline(inside)) {
            int sleep = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(sleep, 0, SeqPipeline.FULL_BYTES);
            CommandRun run = CommandRun.through(inside, "checkpoint", "--pid", sleep, "--fd", "0", "-o", image);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.contains("saved 1 pipe with 65,536 bytes in flight") && run.err.contains("frozen for"), run.err);
        }
        assertArrayEquals(SeqPipeline.content(), CommandRun.through(inside, "restore", image, "--", "cat").succeeded().outBytes);
    }

    /** The kernel asks nothing more of a process of the same user; the profile is made by the bounding set. */
    @Test
    void userWithoutCapabilitiesSavesWhereTheContainerIsGrantedPtrace() throws Exception {
        OtherUser user = OtherUser.in(directory);
        Path image = user.directory("images").resolve("app.ckpt");
        List<String> inside = confinement.of(Profile.DOCKER, PTRACE, OtherUser.ID);
        try (TestProcess shell = pipeline(inside)) {
            int sleep = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(sleep, 0, SeqPipeline.FULL_BYTES);
            inside.addAll(user.java(Main.class).subList(user.command().length, user.java(Main.class).size()));
            inside.addAll(List.of("checkpoint", "--pid", Integer.toString(sleep), "--fd", "0", "-o", image.toString()));
            CommandRun run = CommandRun.program(inside);
            assertEquals(0, run.exitStatus, run.err);
        }
        assertArrayEquals(SeqPipeline.content(), CommandRun.of("restore", image, "--best-effort", "--", "cat").outBytes);
    }

    @ParameterizedTest
    @CsvSource({
        "DOCKER, false, a seccomp profile forbids pidfd_getfd: " + PTRACE_REMEDY,
        "DOCKER_20_10, false, a seccomp profile forbids pidfd_getfd: " + PTRACE_REMEDY,
        "DOCKER_19_03, true, a seccomp profile forbids pidfd_open: run with one that allows it (" + PROFILE_REMEDY,
        "SANDBOX, true, or a sandbox or seccomp profile hides it"
    })
    void refusalNamesTheCallAndWhatHelpsAndListGoesOn(Profile profile, boolean ptrace, String remedy) throws Exception {
        List<String> inside = confinement.of(profile, USUAL | (ptrace ? PTRACE : 0), 0);
        Path images = Files.createDirectory(directory.resolve("images"));
        try (TestProcess shell = pipeline(inside)) {
            int sleep = shell.awaitDescendant("sleep");
            TestProcess.awaitQueued(sleep, 0, SeqPipeline.FULL_BYTES);
            CommandRun.through(inside, "checkpoint", "--pid", sleep, "--fd", "0", "-o", images.resolve("app.ckpt")).failed(4, remedy);
            CommandRun.through(inside, "swap", "--pid", sleep, "--", "true").failed(125, remedy);
            CommandRun list = CommandRun.through(inside, "list", "--pid", sleep);
            assertEquals(0, list.exitStatus, list.err);
            assertTrue(list.out.contains("process " + sleep + " (sleep 1000), user root, fd 0"), list.out);
            assertTrue(list.err.contains("what waits in pipes of other processes is out of reach: ") && list.err.contains(remedy), list.err);
            assertEquals(List.of(), List.of(images.toFile().list()));
            Await.until("it runs", () -> TestProcess.state(sleep) == 'S');
            TestProcess.awaitQueued(sleep, 0, SeqPipeline.FULL_BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOCKER", "DOCKER_19_03", "SANDBOX"})
    void imageIsRestoredWhereNothingCanBeSaved(Profile profile) throws Exception {
        List<String> inside = confinement.of(profile, USUAL, 0);
        Path image = directory.resolve("app.ckpt");
        long saved;
        try (SeqPipeline pipeline = SeqPipeline.start()) {
            saved = pipeline.consumerPid();
            Checkpoint.ofProcess(saved, 0).writeTo(image);
        }
        assertArrayEquals(SeqPipeline.content(), CommandRun.through(inside, "restore", image, "--", "cat").succeeded().outBytes);
        CommandRun run = CommandRun.through(inside, "restore", image, "--run", saved + "=cat");
        assertArrayEquals(SeqPipeline.content(), run.outBytes, run.err);
        assertEquals(0, run.exitStatus, run.err);
    }

    @Test
    void fifoIsRefusedWithTheRemedyWhereOpenat2IsForbidden() throws Exception {
        Path fifo = directory.resolve("fifo");
        Path image = directory.resolve("app.ckpt");
        try (TestProcess process = TestProcess.shell("mkfifo " + fifo + " && exec sleep 1000 <> " + fifo).awaitBecome("sleep")) {
            Checkpoint.ofProcess(process.pid(), 0).writeTo(image);
        }
        CommandRun.through(confinement.of(Profile.DOCKER_19_03, USUAL, 0), "restore", image, "--fifo-base", "/", "--", "true")
                .failed(125, fifo.toString(), "a seccomp profile forbids openat2", PROFILE_REMEDY);
    }

    /** The old process has ended by then: what fails behind that leaves its ends to nobody but a holder. */
    @Test
    void commandTakesThePlaceOfAProcessWithItsDirectory() throws Exception {
        List<String> inside = confinement.of(Profile.DOCKER, USUAL | PTRACE, 0);
        try (TestProcess shell = pipeline(inside)) {
            int sleep = shell.awaitDescendant("sleep");
            CommandRun run = CommandRun.through(
                    inside, "swap", "--pid", sleep, "--foreground", "--as-it-was", "--", "sh", "-c", "pwd >&2; umask >&2; head -n 1 >&2");
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.endsWith("/\n0077\n1\n"), run.err);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOCKER", "DOCKER_20_10"})
    void jvmIsAttachedToAndSavesItsOwnPipesWithoutAnyGrant(Profile profile) throws Exception {
        List<String> inside = confinement.of(profile, USUAL, 0);
        Path image = directory.resolve("app.ckpt");
        try (TestApplication application = application(inside)) {
            assertEquals("9", application.ask("write in_flight"));
            CommandRun run = CommandRun.through(
                    inside, "attach", application.pid(), "checkpoint", "--fd", application.pipe(), "--output", image);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals("in_flight", application.ask("read"));
            run = CommandRun.through(inside, "attach", application.pid(), "restore", "--input", image);
            assertEquals(0, run.exitStatus, run.err);
            assertEquals("in_flight", application.ask("read"));
        }
    }

    /** Another process may have the pid by then: without a pidfd no signal is sent. The application's own copy does without. */
    @ParameterizedTest
    @CsvSource({"DOCKER_19_03, a seccomp profile forbids pidfd_open", "SANDBOX, or a sandbox or seccomp profile hides it"})
    void jvmIsSentNothingWithoutPidfdsAndRestoresItsOwnPipesInPlace(Profile profile, String reason) throws Exception {
        List<String> inside = confinement.of(profile, USUAL, 0);
        try (TestApplication application = application(inside)) {
            CommandRun.through(inside, "attach", application.pid(), "list").failed(4, "process " + application.pid(), reason);
            assertEquals("its own", application.ask("own " + directory.resolve("own.ckpt")));
            assertFalse(application.saysMore());
            assertEquals("", application.saidItself());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DOCKER, false, pidfd_getfd, (docker run --cap-add SYS_PTRACE)", "DOCKER_19_03, true, openat2, allow openat2 in the seccomp profile",
        "SANDBOX, true, pidfd_getfd, allow pidfd_open in the seccomp profile", "DOCKER, true, , ", "PODMAN, false, , "
    })
    void checkNamesWhatIsMissingWithTheRemedyAndNothingElse(Profile profile, boolean ptrace, String missing, String remedy) throws Exception {
        CommandRun run = CommandRun.through(confinement.of(profile, USUAL | (ptrace ? PTRACE : 0), 0), "check");
        assertEquals("", run.err);
        assertEquals(missing == null ? 0 : 4, run.exitStatus, run.out);
        assertEquals(missing != null, run.out.lines().anyMatch(line -> line.startsWith("missing")), run.out);
        assertTrue(missing == null || run.out.lines().anyMatch(
                line -> line.startsWith("missing") && line.contains(" " + missing + " ") && line.contains(remedy)), run.out);
        assertFalse(run.out.contains("or later"), run.out);
    }

    private TestApplication application(List<String> inside) throws IOException {
        List<String> command = new ArrayList<>(inside);
        command.addAll(CommandRun.java(System.getProperty("java.class.path"), Application.class.getName()));
        return new TestApplication(command, directory.resolve("err"));
    }

    /** Starts what {@link SeqPipeline} has, in the container. */
    private static TestProcess pipeline(List<String> inside) throws IOException {
        List<String> command = new ArrayList<>(inside);
        command.addAll(List.of("sh", "-c", "exec </dev/null >/dev/null 2>&1; cd /; umask 077; seq 1 1000000 | sleep 1000"));
        return TestProcess.of(command);
    }
}
