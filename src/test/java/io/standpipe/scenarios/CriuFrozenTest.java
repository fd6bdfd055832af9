// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.cli.Main;
import io.standpipe.internal.proc.FdTable;
import io.standpipe.internal.sys.Flags;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Keeper;
import io.standpipe.testkit.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What happens while the processes of a dump are frozen, and the packet mode of their pipe is off. */
@Timeout(120)
@ExtendWith(DescriptorLeakCheck.class)
class CriuFrozenTest {

    private static final int SIGNALLED = 128;
    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    /** The order in which CRIU calls plugins is that of the directory: some of so many come after Standpipe's. */
    private static final int PLUGINS = 8;

    @TempDir
    static Path programs;

    private static Path criu;
    private static Path program;
    private static Path plugin;

    @TempDir
    Path temporary;

    private Path directory;
    private Path plugins;
    private Path images;
    private Keeper processes;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        criu = Host.assumeCriu();
        program = CCode.program(programs.toRealPath(), CriuFrozenTest.class, "packets.c");
        plugin = CCode.library(programs.toRealPath(), CriuFrozenTest.class, "waiting-plugin.c");
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        directory = temporary.toRealPath();
        plugins = Files.createDirectory(directory.resolve("plugins"));
        images = Files.createDirectory(directory.resolve("images"));
        Files.createDirectory(directory.resolve("tmp"));
        startProcesses();
    }

    @Test
    void pluginsOfOthersTakePartToo() throws Exception {
        for (int i = 0; i < PLUGINS; i++) {
            Files.copy(plugin, plugins.resolve(i + ".so"));
        }
        try (Keeper dump = dump()) {
            assertEquals(0, dump.awaitCommand(), dump::output);
            for (int i = 0; i < PLUGINS; i++) {
                assertTrue(Files.exists(plugins.resolve(i + ".so.called")), "plugin " + i);
            }
            assertGoOn();
        }
    }

    @Test
    void packetModeIsOnAgainIfTheCommandIsKilled() throws Exception {
        try (Keeper dump = dumpThatWaits()) {
            ChildRun.of(List.of("kill", "-KILL", Integer.toString(dump.pid())));
            assertEquals(SIGNALLED + SIGKILL, dump.awaitCommand(), dump::output);
            goOn();
            dump.awaitAll();
            assertGoOn();
        }
    }

    @Test
    void anInterruptOfTheProcessGroupHarmsNobodyAndLeavesNothing() throws Exception {
        try (Keeper dump = dumpThatWaits()) {
            ChildRun.of(List.of("kill", "-INT", "--", "-" + dump.pid()));
            Await.until("the interrupt has come", () -> dump.output().contains("interrupted"));
            goOn();
            assertEquals(SIGNALLED + SIGINT, dump.awaitCommand(), dump::output);
            assertTrue(dump.output().endsWith("standpipe: the processes go on as before\n"), dump::output);
            assertGoOn();
            assertTrue(Files.notExists(images.resolve("standpipe.img")));
            try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
                assertEquals(List.of(), left.filter(path -> path.getFileName().toString().contains("criu")).toList());
            }
        }
    }

    @Test
    void anImageThatWasSavedWithAnotherDumpOfTheSameProcessesIsRefused() throws Exception {
        Path image = images.resolve("standpipe.img");
        try (Keeper dump = dump()) {
            assertEquals(0, dump.awaitCommand(), dump::output);
        }
        Path older = Files.copy(image, directory.resolve("older"));
        try (Keeper dump = dump()) {
            assertEquals(0, dump.awaitCommand(), dump::output);
        }
        Path newer = Files.copy(image, directory.resolve("newer"));
        Files.copy(older, image, StandardCopyOption.REPLACE_EXISTING);
        processes.close();
        assertRefused();
        Files.copy(newer, image, StandardCopyOption.REPLACE_EXISTING);
        byte[] inventory = Files.readAllBytes(images.resolve("inventory.img"));
        inventory[inventory.length - 1] ^= 1;
        Files.write(images.resolve("inventory.img"), inventory);
        assertRefused();
    }

    private void assertRefused() throws IOException, InterruptedException {
        ChildRun restore = TestJvm.run(List.of(), Main.class, "criu", "restore", "--hold", "0", "--images-dir", images.toString(), "--criu", "false");
        assertEquals(125, restore.exitStatus(), restore::toString);
        assertTrue(restore.output().contains("are not of one dump: the checksums of both are "), restore::output);
    }

    private void startProcesses() throws IOException, InterruptedException {
        processes = Keeper.start(List.of(program.toString(), directory.resolve("count").toString()), directory.resolve("output"));
        Await.until("packets come", () -> count() > 0);
    }

    @AfterEach
    void killProcesses() throws IOException {
        processes.close();
    }

    private long count() throws IOException {
        String text = Files.readString(directory.resolve("count"));
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** Returns the writers' fds of pipes in packet mode. */
    private List<String> packetPipes() throws IOException {
        List<String> found = new ArrayList<>();
        for (ProcessHandle writer : ProcessHandle.of(processes.pid()).orElseThrow().children().toList()) {
            for (int fd : FdTable.fds((int) writer.pid())) {
                if ((FdTable.flags((int) writer.pid(), fd) & Flags.oDirect()) != 0) {
                    found.add(writer.pid() + ":" + fd);
                }
            }
        }
        return found;
    }

    private Keeper dump() throws IOException, InterruptedException {
        return Keeper.start(
                TestJvm.command(
                        List.of("-Djava.io.tmpdir=" + directory.resolve("tmp")), Main.class, "criu", "dump", "--tree", Integer.toString(processes.pid()),
                        "--images-dir", images.toString(), "--criu", criu.toString(), "--", "--leave-running", "--libdir", plugins.toString()),
                directory.resolve("dump"));
    }

    /** Starts a dump; returns once the packet mode is off, and until {@link #goOn} the processes are frozen. */
    private Keeper dumpThatWaits() throws IOException, InterruptedException {
        Files.copy(plugin, plugins.resolve("waiting.so"));
        Files.createFile(plugins.resolve("wait"));
        Keeper dump = dump();
        Await.until(dump::output, () -> Files.exists(plugins.resolve("waiting.so.called")));
        assertEquals(List.of(), packetPipes());
        return dump;
    }

    private void goOn() throws IOException {
        Files.delete(plugins.resolve("wait"));
    }

    private void assertGoOn() throws IOException {
        long before = count();
        Await.until("packets come again", () -> count() > before);
        assertNotEquals(List.of(), packetPipes());
        assertTrue(Files.exists(Path.of("/proc", Integer.toString(processes.pid()))), "the reader has met another packet");
    }
}
