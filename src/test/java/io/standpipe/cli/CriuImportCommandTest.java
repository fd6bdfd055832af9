// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.RestoredProcesses;
import io.standpipe.cli.criu.DumpFiles;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class CriuImportCommandTest {

    @TempDir
    Path directory;

    private Path importedWithoutSignals() throws Exception {
        Path image = directory.resolve("image");
        Path dump = DumpFiles.copy("pipes", directory);
        DumpFiles.dropSignals(dump);
        assertEquals(0, CommandRun.here("criu", "import", dump, "--output", image).exitStatus);
        return image;
    }

    @Test
    void reportSaysWhatIsImportedAndWhatIsNot() throws Exception {
        Path dump = DumpFiles.copy("pipes", directory);
        Path image = directory.resolve("image");
        CommandRun run = CommandRun.here("criu", "import", dump, "-o", image);
        assertEquals(0, run.exitStatus);
        List<String> said = run.err.lines().toList();
        assertEquals(2, said.size(), run.err);
        assertTrue(said.get(0).startsWith("standpipe: imported 4 pipes with 5,020 bytes in flight, behind 12 descriptors of 2 processes, from "
                + dump + " to " + image + " ("), run.err);
        assertEquals("standpipe: pipe:[325315]: CRIU saved neither contents nor capacity, since no dumped process could read there;"
                + " empty in the image", said.get(1));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(image)));
        CommandRun quiet = CommandRun.here("--quiet", "criu", "import", DumpFiles.copy("queue", directory), "-o", image);
        assertEquals("standpipe: pipe:[325509]: not in the image, since no dumped process has a descriptor there, though a message that waits"
                + " in a socket may\n", quiet.err);
    }

    @Test
    void reportAsJsonIsThatOfACheckpoint() throws Exception {
        Path image = directory.resolve("image");
        CommandRun run = CommandRun.here("criu", "import", "--json", DumpFiles.copy("pipes", directory), "-o", image).succeeded();
        JsonObject report = ReportJsonTest.valid("checkpoint.schema.json", run.out);
        assertEquals(image.toString(), report.get("image").getAsString());
        assertEquals(List.of(4, 12, 5020), List.of(
                report.get("pipes").getAsInt(), report.get("descriptors").getAsInt(), report.get("payloadBytes").getAsInt()));
        assertEquals(1, report.getAsJsonArray("deviations").size());
    }

    @Test
    void imageIsCheckedAndHasTheProcessesOfTheDump() throws Exception {
        Path dump = DumpFiles.copy("pipes", directory);
        Files.setLastModifiedTime(dump.resolve("inventory.img"), FileTime.fromMillis(1_700_000_000_000L));
        Path file = directory.resolve("image");
        CommandRun.here("criu", "import", dump, "-o", file);
        Image image = Restore.from(file).check();
        assertEquals(List.of(4736L, 4738L), image.processes().stream().map(Image.Process::pid).toList());
        assertEquals(List.of(0L, 4736L), image.processes().stream().map(Image.Process::parentPid).toList());
        assertEquals("target", new String(image.processes().get(0).program().name(), StandardCharsets.US_ASCII));
        assertEquals(List.of(1_700_000_000L, "", "x86_64"),
                List.of(image.origin().timeSeconds(), image.origin().kernelRelease(), image.origin().machine()));
        assertEquals(new Image.Owner(Image.Owner.Type.GROUP, 4736, 10),
                image.processes().get(0).table().descriptors().get(6).description().owner());
        String shown = CommandRun.here("show", file).succeeded().out;
        assertTrue(shown.contains("\ntaken 2023-11-14T22:13:20Z on x86_64\n"), shown);
        assertTrue(shown.contains(" 5,000 of 16,384 bytes, was pipe 325313\n"), shown);
    }

    @Test
    void pipesAreRestoredWithBytesCapacityFlagsAndSharing() throws Exception {
        try (RestoredProcesses processes = Restore.from(importedWithoutSignals()).openAll()) {
            RestoredPipes parent = processes.process(4736);
            RestoredPipes child = processes.process(4738);
            int read = parent.descriptor(20).number();
            assertEquals(16_384, Pipes.capacityBytes(parent.descriptor(24).number()));
            assertEquals(5_000, Pipes.queuedBytes(parent.descriptor(24).number()));
            assertEquals(Flags.O_NONBLOCK, FdCalls.statusFlags(parent.descriptor(23).number()) & Flags.O_NONBLOCK);
            assertEquals(0, FdCalls.statusFlags(read) & Flags.O_NONBLOCK);
            assertEquals(0, Pipes.queuedBytes(parent.descriptor(29).number()));
            try (InputStream in = child.inputStream(20)) {
                assertEquals("shared\n", new String(in.readNBytes(7), StandardCharsets.US_ASCII));
            }
            assertEquals(0, Pipes.queuedBytes(read), "the same pipe");
        }
    }

    @Test
    void commandReadsWhatWasQueued() throws Exception {
        Path image = importedWithoutSignals();
        CommandRun run = CommandRun.of(
                "--quiet", "restore", image, "--run", "4736=line=$(head -c 5 /proc/self/fd/24; head -n 1 /proc/self/fd/26); echo $line", "--run", "4738=head -n 1 /proc/self/fd/20");
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(List.of("01234for a signal", "shared"), run.out.lines().sorted().toList());
    }

    @Test
    void fifosAreRestoredAtTheirPaths() throws Exception {
        Path image = directory.resolve("image");
        Path dump = DumpFiles.copy("fifos", directory);
        DumpFiles.moveFifos(dump, directory.toRealPath());
        CommandRun.here("criu", "import", dump, "-o", image);
        try (RestoredPipes pipes = Restore.from(image).fifosBelow(directory).creatingFifos().recreatingUnlinkedFifos().open()) {
            try (InputStream fifo = pipes.inputStream(20); InputStream removed = pipes.inputStream(22)) {
                assertEquals("in a FIFO\n", new String(fifo.readNBytes(10), StandardCharsets.US_ASCII));
                assertEquals("no path\n", new String(removed.readNBytes(8), StandardCharsets.US_ASCII));
            }
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("fifo"))));
            assertFalse(Files.exists(directory.resolve("removed")));
        }
    }

    @Test
    void imageGoesToStandardOutput() throws Exception {
        Path dump = DumpFiles.copy("pipes", directory);
        CommandRun run = CommandRun.of("-q", "criu", "import", dump, "--output", "-");
        assertEquals(0, run.exitStatus, run.err);
        Path image = Files.write(directory.resolve("image"), run.outBytes);
        assertArrayEquals("shared\n".getBytes(StandardCharsets.US_ASCII), CommandRun.of("extract", image, "--pipe", 2).succeeded().outBytes);
    }

    @Test
    void contentsLargerThanAPipeAreWhole() throws Exception {
        Path dump = DumpFiles.copy("pipes", directory);
        byte[] large = DumpFiles.replaceContents(dump, 300_001);
        Path image = directory.resolve("image");
        CommandRun.here("criu", "import", dump, "-o", image);
        assertArrayEquals(large, CommandRun.of("extract", image, "--pipe", 2).succeeded().outBytes);
    }

    @Test
    void nothingIsLeftOfAnImageThatCannotBeMade() throws Exception {
        Path dump = DumpFiles.copy("pipes", directory);
        Path image = directory.resolve("image");
        Files.write(dump.resolve("files.img"), new byte[5]);
        CommandRun.here("criu", "import", dump, "-o", image).failed(3, "files.img: it begins with 0x00000000, expected 0x56303138");
        CommandRun.here("criu", "import", directory, "-o", image).failed(1, "inventory.img: there is no such file");
        CommandRun.here("criu", "import", dump).failed(2, "--output FILE is missing");
        CommandRun.here("criu", "import", "-o", image).failed(2, "DIR is missing");
        assertFalse(Files.exists(image));
    }
}
