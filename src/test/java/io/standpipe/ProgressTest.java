// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What listeners hear of a checkpoint and a restore. */
@ExtendWith(DescriptorLeakCheck.class)
class ProgressTest {

    private static final byte[] SOME = RandomBytes.of(5000);

    @TempDir
    Path folder;

    /** Notes what it hears, as {@code WRITE 1/2 5000/5001}. */
    private static final class Heard implements Progress {

        final List<String> lines = new ArrayList<>();

        @Override
        public void reached(Phase phase, long pipes, long ofPipes, long bytes, long ofBytes) {
            lines.add(phase + " " + pipes + "/" + ofPipes + " " + bytes + "/" + ofBytes);
        }
    }

    /** Throws when a phase is reached. */
    private static Progress throwingAt(Progress.Phase wanted) {
        return (phase, pipes, ofPipes, bytes, ofBytes) -> {
            if (phase == wanted) {
                throw new IllegalStateException("enough");
            }
        };
    }

    @Test
    void checkpointReportsEachPipe() throws IOException {
        Heard heard = new Heard();
        try (TestPipe one = TestPipe.holding(SOME); TestPipe two = TestPipe.holding(new byte[] {1})) {
            Checkpoint.ofDescriptors(one.readFd(), two.readFd()).reporting(heard).writeTo(folder.resolve("image"));
        }
        assertEquals(
                List.of("COLLECT 0/0 0/0", "WRITE 0/2 0/5001", "WRITE 1/2 5000/5001", "WRITE 2/2 5001/5001",
                        "SYNC 2/2 5001/5001"),
                heard.lines);
    }

    @Test
    void snapshotAndStreamReportEachPipe() throws IOException {
        Heard heard = new Heard();
        try (TestPipe saved = TestPipe.holding(SOME);
                TestPipe way = TestPipe.open();
                Snapshot snapshot = Checkpoint.ofDescriptors(saved.readFd()).reporting(heard).lookingForOthers().snapshot()) {
            Checkpoint.ofDescriptors(saved.readFd()).reporting(heard).streamTo(way.writeFd());
            assertEquals(1, snapshot.pipes());
        }
        assertEquals(
                List.of("COLLECT 0/0 0/0", "CLONE 0/1 0/0", "CLONE 1/1 0/0", "LOOK 0/1 0/0",
                        "COLLECT 0/0 0/0", "WRITE 0/1 0/5000", "WRITE 1/1 5000/5000"),
                heard.lines);
    }

    @Test
    void nothingIsReportedWhileProcessesAreFrozen() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            Checkpoint checkpoint = Checkpoint.ofProcess(process.pid()).lookingForOthers();
            for (boolean writingWhileFrozen : new boolean[] {false, true}) {
                List<Character> states = new ArrayList<>();
                Checkpoint reporting = checkpoint.reporting((phase, pipes, ofPipes, bytes, ofBytes) ->
                        states.add(state(process.pid())));
                (writingWhileFrozen ? reporting.writingWhileFrozen() : reporting).writeTo(folder.resolve("image"));
                assertTrue(states.size() >= 2, states::toString);
                assertTrue(!states.contains('T'), states::toString);
            }
        }
    }

    private static char state(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void restoreReportsEachPipe() throws IOException {
        try (TestPipe one = TestPipe.holding(SOME); TestPipe two = TestPipe.open()) {
            Path image = folder.resolve("image");
            Checkpoint.ofDescriptors(one.readFd(), one.writeFd(), two.readFd(), two.writeFd()).writeTo(image);
            List<String> expected =
                    List.of("CHECK 0/0 0/0", "RESTORE 0/2 0/5000", "RESTORE 1/2 5000/5000", "RESTORE 2/2 5000/5000");
            for (boolean copying : new boolean[] {false, true}) {
                Heard heard = new Heard();
                Restore restore = Restore.from(image).reporting(heard);
                try (RestoredPipes restored = (copying ? restore.copying() : restore).open()) {
                    assertArrayEquals(SOME, PipeIo.readAll(restored.descriptor(one.readFd()).number()));
                }
                assertEquals(expected, heard.lines);
            }
        }
    }

    @Test
    void bytesOfReceivedImageAreReported() throws IOException {
        Heard heard = new Heard();
        long imageBytes;
        try (TestPipe saved = TestPipe.holding(SOME); TestPipe way = TestPipe.open()) {
            imageBytes = Checkpoint.ofDescriptors(saved.readFd()).streamTo(way.writeFd()).imageBytes();
            Restore.fromStream(way.readFd()).reporting(heard).open().close();
        }
        int check = heard.lines.indexOf("CHECK 0/0 0/0");
        assertEquals("RECEIVE 0/0 0/0", heard.lines.get(0));
        assertEquals("RECEIVE 0/0 " + imageBytes + "/0", heard.lines.get(check - 1));
    }

    @ParameterizedTest
    @EnumSource(names = {"COLLECT", "CLONE", "LOOK", "WRITE", "SYNC"})
    void listenerThatThrowsEndsCheckpointAndNothingIsLeft(Progress.Phase phase) throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            Checkpoint checkpoint =
                    Checkpoint.ofProcess(process.pid()).lookingForOthers().reporting(throwingAt(phase));
            Path image = folder.resolve("image");
            assertEquals("enough", assertThrows(IllegalStateException.class, () -> checkpoint.writeTo(image)).getMessage());
            try (var files = Files.list(folder)) {
                assertEquals(0, files.count());
            }
            assertNotEquals('T', state(process.pid()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVE", "CHECK", "RESTORE", "START"})
    void listenerThatThrowsEndsRestoreAndNothingIsLeft(Progress.Phase phase) throws IOException {
        Path image = folder.resolve("image");
        try (TestPipe saved = TestPipe.holding(SOME)) {
            Checkpoint.ofDescriptors(saved.readFd()).writeTo(image);
        }
        int pid = (int) ProcessHandle.current().pid();
        try (Fd in = FileCalls.open(FileCalls.CURRENT_DIRECTORY, image.toString(), Flags.O_RDONLY, 0)) {
            Restore restore = Restore.fromStream(in.number()).reporting(throwingAt(phase));
            assertThrows(IllegalStateException.class, () -> restore.start(Map.of((long) pid, List.of("true"))));
        }
        assertTrue(ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void streamEndedByListenerIsReportedAsSuch() throws IOException {
        try (TestPipe saved = TestPipe.holding(SOME); TestPipe way = TestPipe.open()) {
            Progress listener = (phase, pipes, ofPipes, bytes, ofBytes) -> {
                if (bytes == SOME.length) {
                    throw new IllegalStateException("enough");
                }
            };
            assertThrows(IllegalStateException.class,
                    () -> Checkpoint.ofDescriptors(saved.readFd()).reporting(listener).streamTo(way.writeFd()));
            way.closeWriteEnd();
            ImageRefusedException e =
                    assertThrows(ImageRefusedException.class, Restore.fromStream(way.readFd())::check);
            assertTrue(e.getMessage().contains("enough"), e.getMessage());
        }
    }
}
