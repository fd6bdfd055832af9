// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.Slots.Run;
import io.standpipe.testkit.CheckedImage;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.SampleImage;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the reader makes of FILE_NAME, OWNER and SLOTS, and of what else FIFOs and slots bring. */
class SlotsAndFifosTest {

    private static final int PACKET = 1 << 31;
    private static final Slots PHASED = new Slots(0, List.of(new Run(100, 1, false), new Run(4096, 2, false)));

    @Test
    void slotsComeThrough() throws IOException {
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3).slots(3, 20, 5, 1 | PACKET, 2, 2);
        assertEquals(
                new Slots(20, List.of(new Run(5, 1, true), new Run(2, 2, false))),
                onlyPipe(ended(seed)).slots());
    }

    @Test
    void slotsBehindTheStateComeThrough() throws IOException {
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3).pipeState(3, 4096, 9).slots(3, 0, 9, 1);
        assertEquals(new Slots(0, List.of(new Run(9, 1, false))), onlyPipe(ended(seed)).slots());
    }

    @Test
    void slotThatIsNoPacketMayBeLongerThanAPage() throws IOException {
        byte[] payload = RandomBytes.of(8193);
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3).slots(3, 0, 8193, 1).pipeBuf(payload);
        assertEquals(
                List.of(new Run(8193, 1, false)),
                onlyPipe(seed.fileDesc(2, 4).taskObjs(1).digest().tail()).slots().runs());
    }

    @Test
    void packetMayBeAPage() throws IOException {
        byte[] payload = RandomBytes.of(4096);
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3).slots(3, 0, 4096, 1 | PACKET).pipeBuf(payload);
        assertTrue(onlyPipe(seed.fileDesc(2, 4).taskObjs(1).digest().tail()).slots().hasPackets());
    }

    @Test
    void tailEndMayBeTheLengthOfTheLastSlot() throws IOException {
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3).slots(3, 9, 9, 1);
        assertEquals(9, onlyPipe(ended(seed)).slots().tailEndBytes());
    }

    @Test
    void tailEndMayBeOneBelowAPage() throws IOException {
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3).slots(3, 4095, 9, 1);
        assertEquals(4095, onlyPipe(ended(seed)).slots().tailEndBytes());
    }

    @Test
    void emptyPipeMayHaveSlotsWithoutRuns() throws IOException {
        SeedImage seed = SeedImage.withInfo().objref(4, 2).file(0, 3).slots(3, 0).pipeBuf(new byte[0]);
        assertEquals(0, onlyPipe(seed.fileDesc(2, 4).taskObjs(1).digest().tail()).slots().count());
    }

    @Test
    void pipeWithoutSlotsHasNone() throws IOException {
        assertNull(onlyPipe(SeedImage.whole()).slots());
    }

    @Test
    void payloadWithAPhaseBeginsAtThatPlaceInAPage() throws IOException {
        CheckedImage written = SampleImage.ofFifo(new SlotsRecord(3, PHASED), RandomBytes.of(8292));
        assertEquals(3996, ImageReader.read(written).pipes().values().iterator().next().payloadOffsetBytes() % 4096);
    }

    @Test
    void payloadWithAPhaseIsWhereTheImageSays() throws IOException {
        byte[] payload = RandomBytes.of(8292);
        CheckedImage written = SampleImage.ofFifo(new SlotsRecord(3, PHASED), payload);
        int from = (int) ImageReader.read(written).pipes().values().iterator().next().payloadOffsetBytes();
        assertArrayEquals(payload, Arrays.copyOfRange(written.bytes(), from, from + payload.length));
    }

    @Test
    void allThatIsWrittenOfAFifoIsReadOfIt() throws IOException {
        Image image = ImageReader.read(SampleImage.ofFifo(new SlotsRecord(3, PHASED), RandomBytes.of(8292)));
        Image.Description description = description(image, 0);
        assertEquals(new FileRecord(3, 1, 0, 1, 3), FileRecord.of(description));
        assertEquals("/tmp/fifo", text(description.path()));
        assertEquals(SampleImage.OWNER, description.owner());
        Image.Pipe pipe = image.pipeOf(description);
        assertEquals(SampleImage.state(3, 8292, true), PipeStateRecord.of(pipe, pipe.inode()));
        assertEquals(PHASED, pipe.slots());
    }

    @Test
    void fileNameComesThroughWithoutItsNul() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).fifo(0, 3).fileName("/run/a.b/..c/f\0");
        assertEquals("/run/a.b/..c/f", text(description(read(endedWithoutInfo(seed)), 0).path()));
    }

    @Test
    void fileNameOf4096BytesComesThrough() throws IOException {
        String path = "/" + "x".repeat(4094);
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).fifo(0, 3).fileName(path + "\0");
        assertEquals(path, text(description(read(endedWithoutInfo(seed)), 0).path()));
    }

    @Test
    void fileNameThatIsNoTextComesThrough() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).fifo(0, 3).record(303, new byte[] {'/', -1, '\n', 0});
        assertArrayEquals(new byte[] {'/', -1, '\n'}, description(read(endedWithoutInfo(seed)), 0).path());
    }

    @Test
    void pipeHasNoName() throws IOException {
        assertNull(description(read(SeedImage.whole()), 0).path());
    }

    @Test
    void eachDescriptionOfAFifoHasItsOwnName() throws IOException {
        Image image = read(twoEndsOfAFifo());
        assertEquals(
                List.of("/a", "/b"), List.of(text(description(image, 0).path()), text(description(image, 1).path())));
    }

    @Test
    void twoDescriptionsOfAFifoAreOnePipe() throws IOException {
        Image image = read(twoEndsOfAFifo());
        assertEquals(description(image, 0).pipeObjref(), description(image, 1).pipeObjref());
    }

    @Test
    void fifoIsToldFromAPipe() throws IOException {
        assertEquals(
                List.of(true, false),
                List.of(onlyPipe(twoEndsOfAFifo()).isFifo(), onlyPipe(SeedImage.whole()).isFifo()));
    }

    @Test
    void versionOtherThanZeroIsAReaderThatHasMetNoWriter() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2)
                .ints(304, 3, 1, 0, 0, 0, 0, 0, 1 << 31, 0, 0, 3, 0).fileName("/f\0");
        assertTrue(description(read(endedWithoutInfo(seed)), 0).metNoWriter());
    }

    @Test
    void versionZeroIsAReaderThatHasMetAWriter() throws IOException {
        assertFalse(description(read(twoEndsOfAFifo()), 0).metNoWriter());
    }

    @Test
    void flagOneOfTheStateIsAFifoWithoutAName() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).fifo(0, 3).fileName("/f\0")
                .ints(8003, 3, 4096, 13, 0, 4711, 0, 1000, 1000, 0x1180, 1, 9, 0, 1, 0);
        assertTrue(onlyPipe(endedWithoutInfo(seed)).unlinked());
    }

    @Test
    void stateWithoutFlagsIsOfAFifoWithAName() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).fifo(0, 3).fileName("/f\0").pipeState(3, 4096, 9);
        assertFalse(onlyPipe(endedWithoutInfo(seed)).unlinked());
    }

    @Test
    void userAndGroupAboveTheSignedRangeAreNotNegative() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).fifo(0, 3).fileName("/f\0").pipeState(3, 4096, 9, -2);
        Image.Inode inode = onlyPipe(endedWithoutInfo(seed)).inode();
        assertEquals(List.of(4_294_967_294L, 4_294_967_294L), List.of(inode.uid(), inode.gid()));
    }

    @Test
    void ownerOfAPipeComesThrough() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).file(0, 3).owner(2, Integer.MAX_VALUE, 64);
        assertEquals(
                new Image.Owner(Image.Owner.Type.GROUP, Integer.MAX_VALUE, 64),
                description(read(endedWithoutInfo(seed)), 0).owner());
    }

    @Test
    void ownerOfAFifoComesThroughBehindItsName() throws IOException {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).fifo(0, 3).fileName("/f\0").owner(0, 0, 0);
        assertEquals(
                new Image.Owner(Image.Owner.Type.THREAD, 0, 0),
                description(read(endedWithoutInfo(seed)), 0).owner());
    }

    @Test
    void ownerIsOfOneDescriptionAndNotOfItsPipe() throws IOException {
        Image image = read(SeedImage.withTable(2).objref(4, 2).file(0, 3).pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4)
                .objref(4, 5).file(1, 3).owner(1, 100, 0).fileDesc(5, 6).taskObjs(1).tail());
        assertEquals(
                Arrays.asList(null, new Image.Owner(Image.Owner.Type.PROCESS, 100, 0)),
                Arrays.asList(description(image, 0).owner(), description(image, 1).owner()));
    }

    private static SeedImage twoEndsOfAFifo() {
        return SeedImage.withTable(2).objref(4, 2).fifo(0, 3).fileName("/a\0").pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4)
                .objref(4, 5).fifo(1, 3).fileName("/b\0").fileDesc(5, 6).taskObjs(1).tail();
    }

    private static SeedImage ended(SeedImage seed) {
        return seed.pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4).taskObjs(1).digest().tail();
    }

    private static SeedImage endedWithoutInfo(SeedImage seed) {
        return seed.pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4).taskObjs(1).tail();
    }

    private static Image read(SeedImage seed) throws IOException {
        return ImageReader.read(seed.image());
    }

    private static Image.Pipe onlyPipe(SeedImage seed) throws IOException {
        List<Image.Pipe> pipes = List.copyOf(read(seed).pipes().values());
        assertEquals(1, pipes.size());
        return pipes.get(0);
    }

    private static Image.Description description(Image image, int index) {
        return image.processes().get(0).table().descriptors().get(index).description();
    }

    private static String text(byte[] path) {
        return new String(path, StandardCharsets.UTF_8);
    }
}
