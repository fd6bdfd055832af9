// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.RecordWalk;
import io.standpipe.testkit.SeriesImage;
import io.standpipe.testkit.SeriesImage.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Images of whole containers, as kernels of the series wrote them: of those the pipes are restored, and what else there was is reported. */
@ExtendWith(DescriptorLeakCheck.class)
class SeriesImagesTest {

    private static final byte[] IN_PIPE = RandomBytes.of(20_001);
    private static final byte[] IN_FIFO = "fifo".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void pipesOfAWholeContainerAreRestored(Version version) throws IOException {
        Restore restore = Restore.from(image(version)).fifosInRoot(directory).creatingFifos();
        try (RestoredProcesses restored = restore.openAll()) {
            assertArrayEquals(IN_PIPE, read(restored, SeriesImage.READ_FD));
            assertArrayEquals(IN_FIFO, read(restored, SeriesImage.FIFO_FD));
            int writeEnd = restored.process(SeriesImage.WRITER_PID).descriptor(SeriesImage.WRITE_FD).number();
            PipeIo.write(writeEnd, IN_FIFO);
            assertArrayEquals(IN_FIFO, read(restored, SeriesImage.READ_FD));
        }
    }

    private static byte[] read(RestoredProcesses restored, int fd) throws IOException {
        return PipeIo.readAll(restored.process(SeriesImage.READER_PID).descriptor(fd).number());
    }

    @ParameterizedTest
    @EnumSource
    void descriptorsOfOtherFilesAreReportedAsNotRestored(Version version) throws IOException {
        Restore restore = Restore.from(image(version)).fifosInRoot(directory).creatingFifos();
        try (RestoredProcesses restored = restore.openAll()) {
            assertEquals(
                    List.of("process 100: descriptor 0 (terminal), descriptor 2 (file), descriptor 5 (socket), descriptor 6 (epoll)"
                            + " are of no pipes, and are not restored"),
                    restored.deviations());
        }
    }

    @ParameterizedTest
    @EnumSource
    void processesAndTheirDescriptorsComeThrough(Version version) throws IOException {
        Path file = image(version);
        Image image = Restore.from(file).check();
        assertNull(image.origin().creator());
        assertEquals(
                List.of(100L, 101L, 102L),
                image.processes().stream().map(Image.Process::pid).toList());
        assertEquals(
                Map.of(0, Image.OtherFile.TERMINAL, 2, Image.OtherFile.FILE, 5, Image.OtherFile.SOCKET, 6, Image.OtherFile.EPOLL),
                image.processes().get(0).table().others());
        assertEquals(
                List.of(SeriesImage.READ_FD, SeriesImage.FIFO_FD),
                image.processes().get(0).table().descriptors().stream().map(Image.Descriptor::fd).toList());
        assertEquals(new Image.Table(0, List.of(), Map.of()), image.processes().get(2).table());
        assertEquals(RecordWalk.of(Files.readAllBytes(file)).size(), image.records());
        assertEquals(0, image.unknownRecords());
        assertTrue(image.otherRecords() > image.records() / 2, image.otherRecords() + " of " + image.records());
    }

    @ParameterizedTest
    @EnumSource
    void processGroupAndSessionAreNumbersOfProcesses(Version version) throws IOException {
        Image.Process writer = Restore.from(image(version)).check().processes().get(1);
        assertEquals(List.of(101L, 1L, 101L, 101L, 99L), List.of(
                writer.pid(), writer.parentPid(), writer.threadGroup(), writer.processGroup(), writer.session()));
    }

    @ParameterizedTest
    @EnumSource
    void streamHasTheSameImage(Version version) throws IOException {
        Path file = image(version);
        try (Fd stream = FileCalls.open(FileCalls.CURRENT_DIRECTORY, file.toString(), Flags.O_RDONLY, 0)) {
            assertEquals(Restore.from(file).check(), Restore.fromStream(stream.number()).check());
        }
    }

    @ParameterizedTest
    @EnumSource
    void recordsAreListedByTheirNames(Version version) throws IOException {
        List<String> names = Restore.from(image(version)).records().stream().map(Image.RecordEntry::name).toList();
        for (String name : List.of("HEADER_ARCH", "TREE", "TASK", "CRED", "TASK_NS", "MM", "CPU", "SOCKET", "EPOLL_ITEMS", "TASK_OBJS")) {
            assertTrue(names.contains(name), name + " is not in " + names);
        }
    }

    private Path image(Version version) throws IOException {
        return Files.write(directory.resolve("container.ckpt"), SeriesImage.of(version, IN_PIPE, "/f", IN_FIFO));
    }
}
