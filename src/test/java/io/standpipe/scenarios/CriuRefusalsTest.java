// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Keeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dumps and restores by CRIU that fail, or are refused: whatever fails, the processes go on as before, in packet mode where they were. */
@Timeout(180)
@ExtendWith(DescriptorLeakCheck.class)
class CriuRefusalsTest {

    private static final int FAILED = 125;
    private static final int MOST_PIPES = 1024;
    private static final int FIRST_FD = 600;

    @TempDir
    static Path programs;

    private static Path program;
    private static Path criu;

    @TempDir
    Path temporary;

    private Path folder;
    private Path images;
    private Stage stage;
    private Keeper original;
    private Puppet puppet;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        criu = Host.assumeCriu();
        program = Stage.compile(programs.toRealPath());
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        folder = temporary.toRealPath();
        images = Files.createDirectory(folder.resolve("images"));
        stage = Stage.in(folder, program);
        original = stage.startTree();
        puppet = stage.await(original.pid());
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
        original.close();
    }

    private Keeper dump(Path with, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(DumpTool.standpipe(with).dump(original.pid(), images));
        command.addAll(List.of(options));
        return Keeper.start(command, folder.resolve("dump"));
    }

    private Keeper restore() throws IOException, InterruptedException {
        return Keeper.start(DumpTool.standpipe(criu).restore(images), folder.resolve("restore"));
    }

    /** Checks how a command ended, and what it has printed in this order. */
    private static void assertEnds(Keeper run, int status, String... parts) throws IOException {
        try (run) {
            assertEquals(status, run.awaitCommand(), run::output);
            int from = 0;
            for (String part : parts) {
                int at = run.output().indexOf(part, from);
                assertTrue(at >= 0, () -> "\"" + part + "\" is expected in: " + run.output());
                from = at + part.length();
            }
            run.awaitAll();
        }
    }

    private Puppet wake() throws IOException {
        stage.wake(true);
        return stage.await(original.pid());
    }

    private void writePackets() throws IOException {
        puppet.does("pipe 3 4", "setfl 4 O_DIRECT").writes(4, "one").writes(4, "three");
    }

    private void assertPacketsAndMode(Puppet woken) throws IOException {
        woken.expect("O_WRONLY|O_DIRECT", "getfl 4").writes(4, "x").reads("one", 3, 100).reads("three", 3, 100).reads("x", 3, 100);
    }

    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private void readEnds(int count) throws IOException {
        Host.assumeDescriptors(FIRST_FD + count + 100);
        for (int fd = FIRST_FD; fd < FIRST_FD + count; fd++) {
            puppet.does("pipe " + fd + " 4").writes(4, "a");
        }
    }

    @Test
    void moreReadEndsThanCriuDumpsAreRefusedBeforeItStarts() throws Exception {
        readEnds(MOST_PIPES + 1);
        stage.rest(List.of(puppet));
        assertEnds(dump(criu), FAILED, "standpipe: process " + original.pid() + " and its descendants have the read ends of 1025 pipes,"
                + " and CRIU dumps 1024 at most");
        try (var files = Files.list(images)) {
            assertEquals(List.of(), files.toList());
        }
        wake().reads("a", FIRST_FD, 100);
    }

    @Test
    void asManyReadEndsAsCriuDumpsAreRestored() throws Exception {
        readEnds(MOST_PIPES);
        stage.rest(List.of(puppet));
        assertEnds(dump(criu), 0);
        original.awaitAll();
        try (Keeper copy = restore()) {
            assertEquals(0, copy.awaitCommand(), copy::output);
            Puppet woken = wake();
            for (int fd = FIRST_FD; fd < FIRST_FD + MOST_PIPES; fd++) {
                woken.reads("a", fd, 100);
            }
            woken.writes(4, "b").reads("b", FIRST_FD + MOST_PIPES - 1, 100);
        }
    }

    @Test
    void processThatHasEndedIsNamed() throws Exception {
        stage.kill(puppet);
        original.awaitAll();
        assertEnds(dump(criu), FAILED, "standpipe: process " + original.pid() + ": there is no such process");
    }

    @Test
    void treeThatEndsMeanwhileLeavesNoImage() throws Exception {
        writePackets();
        stage.rest(List.of(puppet));
        Path with = script("criu", "[ $1 != dump ] || kill -9 " + original.pid() + "; exec " + criu + " \"$@\"");
        assertEnds(dump(with), 1, "Error", with + " failed with exit status 1");
        original.awaitAll();
        assertFalse(Files.exists(images.resolve("standpipe.img")));
    }

    @Test
    void criuThatIsMissingOrNoProgramIsNamed() throws Exception {
        stage.rest(List.of(puppet));
        assertEnds(dump(folder.resolve("absent")), 127, "standpipe: ", folder + "/absent");
        assertEnds(dump(Files.createFile(folder.resolve("file"))), 126, "standpipe: ", folder + "/file");
        assertEnds(Keeper.start(DumpTool.standpipe(folder.resolve("absent")).restore(images), folder.resolve("restore")), 127,
                "standpipe: ", folder + "/absent");
        wake().does("pipe 3 4");
    }

    /** CRIU finds out when all are frozen and the packet mode is off that it cannot dump an O_PATH descriptor of a FIFO. */
    @Test
    void criuThatFailsHasItsStatusAndMessageAndTheProcessesGoOn() throws Exception {
        writePackets();
        puppet.does("mkfifo " + folder + "/fifo 0600", "open " + folder + "/fifo O_PATH 10");
        stage.rest(List.of(puppet));
        assertEnds(dump(criu), 1, "Can't obtain piped data size",
                "standpipe: " + criu + " failed with exit status 1; the processes go on as before");
        assertFalse(Files.exists(images.resolve("standpipe.img")));
        assertPacketsAndMode(wake());
    }

    @Test
    void wrongOptionForCriuHasItsStatus() throws Exception {
        writePackets();
        stage.rest(List.of(puppet));
        assertEnds(dump(criu, "--", "--no-such-option"), 1, "no-such-option", "failed with exit status 1");
        assertPacketsAndMode(wake());
    }

    @Test
    void imageThatCannotBeWrittenFailsTheDumpAndTheProcessesGoOn() throws Exception {
        writePackets();
        Files.createDirectories(images.resolve("standpipe.img/full"));
        stage.rest(List.of(puppet));
        assertEnds(dump(criu), FAILED, "standpipe: image " + images.resolve("standpipe.img") + ": a directory has this name");
        assertPacketsAndMode(wake());
    }

    @Test
    void criuThatIsKilledLeavesThePacketModeOn() throws Exception {
        writePackets();
        stage.rest(List.of(puppet));
        Path killer = script("killer", "[ $CRTOOLS_SCRIPT_ACTION != post-dump ] || kill -9 $PPID");
        try (Keeper dump = dump(criu, "--", "--action-script", killer.toString())) {
            assertNotEquals(0, dump.awaitCommand(), dump::output);
        }
        assertPacketsAndMode(wake());
    }

    @Test
    void processesThatAreLeftRunningAreInPacketModeAndCanBeRestoredLater() throws Exception {
        writePackets();
        stage.rest(List.of(puppet));
        assertEnds(dump(criu, "--", "--leave-running"), 0);
        puppet = wake();
        assertPacketsAndMode(puppet);
        assertEnds(restore(), 1, "File exists");
        stage.kill(puppet);
        original.awaitAll();
        stage.close();
        stage = Stage.in(Files.createDirectory(folder.resolve("later")), program);
        try (Keeper copy = restore()) {
            assertEquals(0, copy.awaitCommand(), copy::output);
        }
    }

    @Test
    void fifoWhosePlaceAnotherHasTakenIsRefusedAndCanBeRestoredLater() throws Exception {
        Path fifo = folder.resolve("fifo");
        puppet.does("mkfifo " + fifo + " 0600", "open " + fifo + " O_RDWR 3", "unlink " + fifo).writes(3, "abc");
        stage.rest(List.of(puppet));
        assertEnds(dump(criu), 0);
        original.awaitAll();
        Files.createFile(fifo);
        assertEnds(restore(), FAILED, "standpipe: FIFO " + fifo, "something has this name");
        Files.delete(fifo);
        try (Keeper copy = restore()) {
            assertEquals(0, copy.awaitCommand(), copy::output);
            wake().reads("abc", 3, 100);
        }
    }

    @Test
    void imageThatIsDamagedOrOfAnotherDumpIsRefused() throws Exception {
        puppet.does("pipe 3 4").writes(4, "abc");
        stage.rest(List.of(puppet));
        assertEnds(dump(criu, "--", "--leave-running"), 0);
        Path image = images.resolve("standpipe.img");
        byte[] first = Files.readAllBytes(image);
        puppet = wake().does("pipe 5 6", "dup 5 3", "dup 6 4", "close 5", "close 6").writes(4, "def");
        stage.rest(List.of(puppet));
        assertEnds(dump(criu), 0);
        original.awaitAll();
        byte[] second = Files.readAllBytes(image);
        Files.write(image, first);
        assertEnds(restore(), FAILED, "standpipe: " + image + " and CRIU's images in " + images + " are not of one dump");
        Files.write(image, Arrays.copyOf(second, second.length / 2));
        assertEnds(restore(), FAILED, "standpipe: image " + image + ": damaged or cut short");
        Files.write(image, second);
        try (Keeper copy = restore()) {
            assertEquals(0, copy.awaitCommand(), copy::output);
            wake().reads("def", 3, 100);
        }
    }
}
