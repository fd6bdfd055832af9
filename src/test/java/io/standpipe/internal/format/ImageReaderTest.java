// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.AccessMode;
import io.standpipe.Image;
import io.standpipe.testkit.CheckedImage;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.RecordWalk;
import io.standpipe.testkit.SampleImage;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageReaderTest {

    @Test
    void seedImageWithoutExtensionsIsAccepted() throws IOException {
        Image image = ImageReader.read(SeedImage.whole().image());
        assertNull(image.origin().creator());
        assertEquals(List.of(4, 6), numbers(image, 0));
    }

    @Test
    void seedPayloadIsRightBehindItsFrame() throws IOException {
        byte[] bytes = SeedImage.whole().bytes();
        Image.Pipe pipe = ImageReader.read(new CheckedImage(bytes)).pipes().values().iterator().next();
        assertEquals(RecordWalk.only(bytes, 305).offset() + 8, pipe.payloadOffsetBytes());
        assertArrayEquals(SeedImage.PAYLOAD, payload(bytes, pipe));
    }

    @Test
    void seedPayloadOfManyPagesAtAnyOffsetIsAccepted() throws IOException {
        byte[] payload = RandomBytes.of(20_001);
        byte[] bytes = SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeBuf(payload).fileDesc(2, 4)
                .taskObjs(1).tail().bytes();
        assertArrayEquals(payload, payload(bytes, ImageReader.read(new CheckedImage(bytes)).pipes().values().iterator().next()));
    }

    @Test
    void pipeWithoutStateHasTheDefaultCapacity() throws IOException {
        Image.Pipe pipe = ImageReader.read(SeedImage.whole().image()).pipes().values().iterator().next();
        assertNull(pipe.inode());
        assertEquals(65_536, pipe.capacityBytes());
    }

    @Test
    void seedHeaderComesThrough() throws IOException {
        Image image = ImageReader.read(SeedImage.whole().image());
        assertEquals(new Image.Origin(1_262_304_000, "2.6.32", "#1 SMP", "x86_64", null), image.origin());
    }

    @Test
    void emptyPipeIsAccepted() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeBuf(new byte[0]).fileDesc(2, 4);
        assertEquals(0, ImageReader.read(seed.taskObjs(1).tail().image()).pipes().values().iterator().next().payloadBytes());
    }

    @Test
    void higherBitsOfTheModeAreTheKernelsOwn() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).file(2, 0x001f0003, 0x802, 3).pipeBuf(new byte[0]);
        Image image = ImageReader.read(seed.fileDesc(2, 4).taskObjs(1).tail().image());
        assertEquals(AccessMode.READ_WRITE, image.processes().get(0).table().descriptors().get(0).description().accessMode());
    }

    @Test
    void digestIsAcceptedAsComputedIndependently() throws IOException {
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3)
                .pipeState(3, 4096, 9).pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4).taskObjs(1).digest().tail();
        assertEquals(4096, ImageReader.read(seed.image()).pipes().values().iterator().next().capacityBytes());
    }

    @Test
    void processesComeThroughInTheOrderOfTheTree() throws IOException {
        Image image = shared();
        assertEquals(
                List.of(SampleImage.PARENT, SampleImage.CHILD), image.processes().stream().map(Task::of).toList());
    }

    @Test
    void tableSharedByTwoProcessesIsOneTable() throws IOException {
        Image image = shared();
        assertSame(image.processes().get(0).table(), image.processes().get(1).table());
        assertEquals(List.of(0, 5, 7), numbers(image, 1));
    }

    @Test
    void twoProcessesWithTablesOfTheirOwnShareADescription() throws IOException {
        SeedImage seed = new SeedImage().header().uts().tree(100, 101).objref(3, 1).ints(301, 1, 0)
                .objref(4, 2).file(0, 3).pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4).taskObjs(1)
                .objref(3, 4).ints(301, 1, 0).fileDesc(2, 4).taskObjs(4).tail();
        Image image = ImageReader.read(seed.image());
        assertNotSame(image.processes().get(0).table(), image.processes().get(1).table());
        assertSame(descriptor(image, 0, 0).description(), descriptor(image, 1, 0).description());
    }

    @Test
    void duplicatedDescriptorsAreOneDescription() throws IOException {
        Image image = shared();
        assertSame(descriptor(image, 0, 0).description(), descriptor(image, 0, 1).description());
    }

    @Test
    void closeOnExecBelongsToTheDescriptor() throws IOException {
        Image image = shared();
        assertFalse(descriptor(image, 0, 0).closeOnExec());
        assertTrue(descriptor(image, 0, 1).closeOnExec());
    }

    @Test
    void twoDescriptionsOfAPipeAreOnePipe() throws IOException {
        Image image = shared();
        Image.Description read = descriptor(image, 0, 0).description();
        Image.Description write = descriptor(image, 0, 2).description();
        assertNotSame(read, write);
        assertEquals(read.pipeObjref(), write.pipeObjref());
        assertEquals(1, image.pipes().size());
    }

    @Test
    void flagsOfEachDescriptionComeThrough() throws IOException {
        Image image = shared();
        assertEquals(new FileRecord(2, 1, 0, 0, 3), FileRecord.of(descriptor(image, 0, 0).description()));
        assertEquals(new FileRecord(2, 2, 0x801, 0, 3), FileRecord.of(descriptor(image, 0, 2).description()));
    }

    @Test
    void extensionsComeThrough() throws IOException {
        Image image = shared();
        Image.Creator creator = image.origin().creator();
        assertEquals(SampleImage.INFO, new InfoRecord(
                creator.formatVersion(), creator.pageSizeBytes(), creator.name(), creator.version()));
        Image.Pipe pipe = image.pipes().get(3);
        assertEquals(SampleImage.state(3, 5000), PipeStateRecord.of(pipe, pipe.inode()));
    }

    @Test
    void payloadIsWhereTheImageSays() throws IOException {
        byte[] payload = RandomBytes.of(5000);
        CheckedImage written = SampleImage.ofSharedTable(payload);
        assertArrayEquals(payload, payload(written.bytes(), ImageReader.read(written).pipes().values().iterator().next()));
    }

    @Test
    void recordsAreCountedAsAWalkCountsThem() throws IOException {
        CheckedImage written = SampleImage.ofSharedTable(RandomBytes.of(5000));
        assertEquals(RecordWalk.of(written.bytes()).size(), ImageReader.read(written).records());
    }

    @Test
    void unknownExtensionIsSkippedAndCountedAnywhereBehindTheHeader() throws IOException {
        byte[] seed = SeedImage.whole().bytes();
        for (RecordWalk.Found record : RecordWalk.of(seed)) {
            if (record.type() != 9001) {
                SeedImage extended = new SeedImage().raw(Arrays.copyOf(seed, record.end()))
                        .record(8500, new byte[13])
                        .raw(Arrays.copyOfRange(seed, record.end(), seed.length));
                assertEquals(1, ImageReader.read(extended.image()).unknownRecords(), "behind " + record);
            }
        }
    }

    @Test
    void padIsNoUnknownRecord() throws IOException {
        SeedImage seed = SeedImage.began().record(8002, new byte[3]).objref(3, 1).ints(301, 0, 0);
        assertEquals(0, ImageReader.read(seed.taskObjs(1).tail().image()).unknownRecords());
    }

    @Test
    void recordOfManyPagesIsRead() throws IOException {
        int[] pids = IntStream.rangeClosed(1, 65_536).toArray();
        SeedImage seed = new SeedImage().header().uts().tree(pids).objref(3, 1).ints(301, 0, 0);
        for (int i = 0; i < pids.length; i++) {
            seed.taskObjs(1);
        }
        Image image = ImageReader.read(seed.tail().image());
        assertEquals(65_536, image.processes().get(65_535).pid());
    }

    private static Image shared() throws IOException {
        return ImageReader.read(SampleImage.ofSharedTable(RandomBytes.of(5000)));
    }

    private static Image.Descriptor descriptor(Image image, int process, int index) {
        return image.processes().get(process).table().descriptors().get(index);
    }

    private static List<Integer> numbers(Image image, int process) {
        return image.processes().get(process).table().descriptors().stream().map(Image.Descriptor::fd).toList();
    }

    private static byte[] payload(byte[] image, Image.Pipe pipe) {
        int from = (int) pipe.payloadOffsetBytes();
        return Arrays.copyOfRange(image, from, from + (int) pipe.payloadBytes());
    }
}
