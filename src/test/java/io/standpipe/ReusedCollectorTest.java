// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.SignalOwner;
import io.standpipe.image.FileRecord;
import io.standpipe.image.Image;
import io.standpipe.image.OwnerRecord;
import io.standpipe.image.PipeStateRecord;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Surveying;
import io.standpipe.testkit.TestPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint collects in serves the next one: nothing of what the one saved comes back in the other. */
@ExtendWith(DescriptorLeakCheck.class)
class ReusedCollectorTest {

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void nameImage() {
        image = folder.resolve("image");
    }

    @Test
    void aPlainPipeAfterAnOddFifoIsPlain() throws Exception {
        saveOddFifo();
        assertPlain(false);
    }

    @Test
    void aSurveyedPipeAfterAnOddFifoIsPlain() throws Exception {
        Surveying.assumeAllowed();
        saveOddFifo();
        assertPlain(true);
    }

    /** The only reader of a FIFO without a name, to which no writer has come, and which sends signals. */
    private void saveOddFifo() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        try (Fd reader = FileCalls.open(
                FileCalls.CURRENT_FOLDER, fifo.toString(), Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
            Files.delete(fifo);
            DescriptorCalls.setSignalOwner(
                    reader.number(), new SignalOwner(OwnerRecord.TYPE_PROCESS, (int) ProcessHandle.current().pid()));
            Image saved = save(false, Checkpoint.ofDescriptors(reader.number()).lookingForOthers());
            Image.Description description = descriptions(saved).get(0);
            assertNotNull(description.name());
            assertNotNull(description.owner());
            assertTrue(description.file().hasMetNoWriter());
            assertTrue(description.pipe().isNameless());
            assertNotEquals(0, description.pipe().state().outside());
        }
    }

    private void assertPlain(boolean surveyed) throws Exception {
        try (TestPipe pipe = TestPipe.holding(new byte[10])) {
            Image saved = save(surveyed, Checkpoint.ofDescriptors(pipe.r(), pipe.w()));
            assertEquals(2, descriptions(saved).size());
            for (Image.Description description : descriptions(saved)) {
                assertNull(description.name());
                assertNull(description.owner());
                assertFalse(description.file().hasMetNoWriter());
                assertEquals(FileRecord.TYPE_PIPE, description.pipe().fileType());
                assertFalse(description.pipe().isNameless());
                assertEquals(0, description.pipe().state().outside());
            }
        }
    }

    @Test
    void whichEndsAPipeHadIsNotToldOfTheNextOne() throws Exception {
        try (TestPipe whole = TestPipe.create(); TestPipe broken = TestPipe.holding(new byte[10])) {
            broken.closeWriteEnd();
            save(false, Checkpoint.ofDescriptors(whole.r(), whole.w()));
            Image saved = save(false, Checkpoint.ofDescriptors(broken.r()));
            assertEquals(
                    PipeStateRecord.OUTSIDE_LOOKED_FOR, descriptions(saved).get(0).pipe().state().outside());
        }
    }

    /** Where an end of the one pipe belonged among others is not where one of the next belongs. */
    @Test
    void twoReadersThatAreSurveyedAfterManyThatWereAskedAreTwo() throws Exception {
        Surveying.assumeAllowed();
        for (int round = 0; round < 10; round++) {
            assertEquals(20, descriptions(saveReaders(false, 20)).size());
            assertEquals(2, descriptions(saveReaders(true, 2)).size());
        }
    }

    private Image saveReaders(boolean surveyed, int count) throws Exception {
        List<Fd> readers = new ArrayList<>();
        try (TestPipe pipe = TestPipe.create()) {
            for (int i = 0; i < count; i++) {
                readers.add(FileCalls.reopen(pipe.r(), Flags.O_RDONLY));
            }
            return save(surveyed, Checkpoint.ofDescriptors(readers.stream().mapToInt(Fd::number).toArray()));
        } finally {
            Fd.closeAll(readers);
        }
    }

    @Test
    void fewAfterManyAreFew() throws Exception {
        try (TestPipe first = TestPipe.create(); TestPipe second = TestPipe.create(); TestPipe third = TestPipe.create()) {
            save(false, Checkpoint.ofDescriptors(first.r(), first.w(), second.r(), third.r()));
            CheckpointReport report = Checkpoint.ofDescriptors(second.w()).writeTo(image);
            assertEquals(1, report.pipes());
            assertEquals(1, report.descriptors());
            Image saved = Restore.from(image).check();
            assertEquals(1, saved.pipes().size());
            assertEquals(second.w(), saved.processes().get(0).table().descriptors().get(0).number());
        }
    }

    @Test
    void aCollectorHasNothingLeft() {
        Collector collector = new Collector();
        SavedTable table = collector.table(OwnProcess.task());
        table.others().add(7);
        SavedPipe pipe = collector.pipe(3, 1, 2, 0, 0, 0600);
        collector.description(5, Flags.O_RDONLY, pipe, 3);
        collector.setUnseenProcesses(4);
        collector.reset();
        assertEquals(List.of(), collector.processes());
        assertEquals(List.of(), collector.pipes());
        assertEquals(0, collector.unseenProcesses());
        SavedTable again = collector.table(OwnProcess.task());
        assertSame(table, again);
        assertEquals(List.of(), again.others());
        assertEquals(1, again.objref());
        assertSame(pipe, collector.pipe(4, 1, 3, 0, 0, 0600));
        assertEquals(List.of(), pipe.descriptions());
        assertFalse(pipe.has(Flags.O_RDONLY));
    }

    @Test
    void twoAtATimeHaveOneEach() {
        try (SpareCollector first = SpareCollector.take(); SpareCollector second = SpareCollector.take()) {
            assertNotSame(first.collector(), second.collector());
        }
    }

    private Image save(boolean surveyed, Checkpoint checkpoint) throws Exception {
        Surveying.with(surveyed, () -> checkpoint.writeTo(image));
        return Restore.from(image).check();
    }

    private static List<Image.Description> descriptions(Image image) {
        return image.processes().get(0).table().descriptors().stream()
                .map(Image.Descriptor::description)
                .toList();
    }
}
