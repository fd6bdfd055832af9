// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static io.standpipe.testkit.SeedImage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.testkit.SeedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader refuses, and in which words. Offsets: FILE is at 387 where a table begins with one. */
class RefusedImageTest {

    @ParameterizedTest
    @CsvSource({"0, a positive number", "-4096, a positive number", "4095, a power of two"})
    void aPageSizeThatNoMachineHasIsRefused(int size, String expected) {
        assertRefused(
                "offset 339: INFO: page_size is " + size + ", expected " + expected + "",
                SeedImage.began().info(size));
    }

    @Test
    void emptyImageIsRefused() {
        assertRefused("offset 0: not an image: 0 bytes, expected at least 72", new SeedImage());
    }

    @Test
    void textIsRefused() {
        byte[] text = new byte[100];
        Arrays.fill(text, (byte) 'x');
        assertRefused("offset 0: not an image: it does not begin with a HEADER", new SeedImage().raw(text));
    }

    @Test
    void imageThatBeginsWithAnotherRecordIsRefused() {
        assertRefused(
                "offset 0: not an image: it begins with TREE, expected HEADER",
                new SeedImage().tree(1, 2, 3));
    }

    @Test
    void wrongMagicIsRefused() {
        assertRefused(
                "offset 0: HEADER: magic is 0x00feed0cc0a2d201, expected 0x00feed0cc0a2d200",
                new SeedImage().header(0x00feed0cc0a2d201L, 6));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 7, 65_535})
    void revisionThatTheSeriesHasNotIsRefused(int revision) {
        assertRefused(
                "offset 0: HEADER: rev is " + revision + ", expected 3 to 6", new SeedImage().header(0x00feed0cc0a2d200L, revision));
    }

    @Test
    void fileOf48BytesIsRefused() {
        assertRefused(
                "offset 387: FILE: length is 48, expected 56",
                SeedImage.withTable(1).objref(4, 2).ints(304, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void pipeObjrefZeroIsRefused() {
        assertRefused(
                "offset 387: FILE: pipe_objref is 0, expected a positive number",
                SeedImage.withTable(1).objref(4, 2).file(0, 0));
    }

    @Test
    void negativePipeObjrefIsRefused() {
        assertRefused(
                "offset 387: FILE: pipe_objref is -3, expected a positive number",
                SeedImage.withTable(1).objref(4, 2).file(0, -3));
    }

    @Test
    void pipeObjrefOfAnotherObjectIsRefused() {
        assertRefused(
                "offset 387: FILE: pipe_objref is 1, expected the objref of a pipe",
                SeedImage.withTable(1).objref(4, 2).file(0, 1));
    }

    @Test
    void pipeObjrefOfItsOwnDescriptionIsRefused() {
        assertRefused(
                "offset 387: FILE: pipe_objref is 2, expected the objref of a pipe",
                SeedImage.withTable(1).objref(4, 2).file(0, 2));
    }

    @Test
    void unknownFileTypeIsRefused() {
        assertRefused(
                "offset 387: FILE: f_type is 8, expected 1 to 7, of which 2 (PIPE) and 3 (FIFO) are restored",
                SeedImage.withTable(1).objref(4, 2).file(8, 1, 0, 3));
    }

    @Test
    void modeThatDoesNotMatchTheFlagsIsRefused() {
        assertRefused(
                "offset 387: FILE: f_mode, read and write bits is 1, expected 2",
                SeedImage.withTable(1).objref(4, 2).file(2, 1, 1, 3));
    }

    @Test
    void accessModeThreeIsRefused() {
        assertRefused(
                "offset 387: FILE: access mode of f_flags is 3,"
                        + " expected 0 (O_RDONLY), 1 (O_WRONLY) or 2 (O_RDWR)",
                SeedImage.withTable(1).objref(4, 2).file(2, 3, 3, 3));
    }

    @Test
    void capacityThatIsNoPowerOfTwoIsRefused() {
        assertRefused(
                "offset 443: PIPE_STATE: capacity is 65535, expected a power of two",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeState(3, 65_535, 0));
    }

    @Test
    void capacityBeyondSignedRangeIsRefused() {
        assertRefused(
                "offset 443: PIPE_STATE: capacity is -2147483648, expected a positive number",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeState(3, 1 << 31, 0));
    }

    @Test
    void stateOfAnotherPipeIsRefused() {
        assertRefused(
                "offset 443: PIPE_STATE: pipe_objref is 4, expected 3",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeState(4, 65_536, 0));
    }

    @Test
    void payloadOfAnotherLengthThanWasQueuedIsRefused() {
        assertRefused(
                "offset 507: PIPE_BUF: payload is 9 bytes, expected 8, what PIPE_STATE has queued",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeState(3, 65_536, 8).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void secondInfoIsRefused() {
        assertRefused("offset 403: INFO: found a second one, expected none", SeedImage.began().info().info());
    }

    @Test
    void formatVersionOneIsRefused() {
        assertRefused(
                "offset 339: INFO: format_version is 1, expected 2",
                SeedImage.began().ints(8001, 1, 4096, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void infoWithoutDigestIsRefused() {
        assertRefused(
                "offset 467: TAIL: no DIGEST before it, expected one since the image has INFO",
                SeedImage.began().info().objref(3, 1).ints(301, 0, 0).taskObjs(1).tail());
    }

    @Test
    void recordBehindDigestIsRefused() {
        assertRefused(
                "offset 427: found type 8500 behind DIGEST, expected TAIL",
                SeedImage.withTable(0).taskObjs(1).digest().record(8500, new byte[0]).tail());
    }

    @Test
    void descriptorOfAnUnknownDescriptionIsRefused() {
        assertRefused(
                "offset 371: FILE_DESC: fd_objref is 8, expected that of a FILE before it",
                SeedImage.withTable(1).fileDesc(8, 4));
    }

    @Test
    void objrefTakenBeforeIsRefused() {
        assertRefused(
                "offset 371: OBJREF: objref is 1, expected a new one, and that is a FILE_TABLE",
                SeedImage.withTable(1).objref(4, 1).file(0, 3).pipeBuf(new byte[0]).fileDesc(1, 4));
    }

    @Test
    void objrefOfATableInsideATableIsRefused() {
        assertRefused(
                "offset 371: OBJREF: found a FILE_TABLE within another object, expected none", SeedImage.withTable(1).objref(3, 2));
    }

    @Test
    void pipeOutsideOfATableIsRefused() {
        assertRefused(
                "offset 355: FILE: found a pipe's outside of a table, expected it before the FILE_DESC that needs it",
                SeedImage.began().objref(4, 1).file(0, 3));
    }

    @Test
    void descriptorNumberTwiceInATableIsRefused() {
        assertRefused(
                "offset 476: FILE_DESC: fd_descriptor is 4, expected a number not yet in its table",
                SeedImage.withTable(2).objref(4, 2).file(0, 3).pipeBuf(new byte[1]).fileDesc(2, 4).fileDesc(2, 4));
    }

    @Test
    void negativeDescriptorNumberIsRefused() {
        assertRefused(
                "offset 452: FILE_DESC: fd_descriptor is -1, expected 0 or more",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).pipeBuf(new byte[1]).fileDesc(2, -1));
    }

    @Test
    void treeWithoutTasksIsRefused() {
        assertRefused(
                "offset 291: TREE: nr_tasks is 0, expected 1 to 65536",
                new SeedImage().header().uts().tree());
    }

    @Test
    void treeOf70000TasksIsRefused() {
        assertRefused(
                "offset 291: TREE: nr_tasks is 70000, expected 1 to 65536",
                new SeedImage().header().uts().tree(new int[70_000]));
    }

    @Test
    void treeOfFourBillionTasksIsRefused() {
        assertRefused(
                "offset 291: TREE: nr_tasks is 4294967295, expected 1 to 65536",
                new SeedImage().header().uts().ints(102, -1, 0));
    }

    @Test
    void taskWithAnUnknownTableIsRefused() {
        assertRefused(
                "offset 339: TASK_OBJS: files_objref is 7, expected that of a FILE_TABLE before it",
                SeedImage.began().taskObjs(7));
    }

    @Test
    void tableThatNamesMoreDescriptorsThanFollowIsRefused() {
        assertRefused(
                "offset 371: found TASK_OBJS, expected FILE_DESC",
                SeedImage.withTable(Integer.MAX_VALUE).taskObjs(1).tail());
    }

    @Test
    void bytesBehindTailAreRefused() {
        assertRefused("offset 403: TAIL: 3 bytes follow, expected none",
                SeedImage.withTable(0).taskObjs(1).tail().raw(new byte[3]));
    }

    @Test
    void imageGivenUpByItsWriterIsRefused() {
        assertRefused(
                "offset 371: ERROR: whoever wrote the image gave up before its end: no",
                SeedImage.withTable(1).record(9999, new byte[0]).record(5, new byte[] {'n', 'o', 0}));
    }

    @Test
    void recordShorterThanItsFrameIsRefused() {
        assertRefused(
                "offset 371: FILE_DESC: length is 4, expected 8 to 24, what is left of the image",
                SeedImage.withTable(1).frame(302, 4).raw(new byte[16]));
    }

    @Test
    void recordLongerThanWhatIsLeftIsRefused() {
        assertRefused(
                "offset 443: PIPE_BUF: length is 4294967295, expected 8 to 16, what is left of the image",
                SeedImage.withTable(1).objref(4, 2).file(0, 3).frame(305, -1).raw(new byte[8]));
    }

    @Test
    void hugeRecordThatIsNotPayloadIsRefused() {
        assertRefused(
                "offset 339: type 8500: length is 2093057, expected at most 2093056",
                SeedImage.began().record(8500, new byte[2_093_057 - 8]));
    }

    @Test
    void imageCutBeforeTailIsRefused() {
        assertRefused(
                "offset 403: image ends where a record is expected: 0 bytes left, expected at least 8"
                        + " (truncated before TAIL)",
                SeedImage.withTable(0).taskObjs(1));
    }

    @Test
    void offsetIsThatOfTheRecord() {
        SeedImage seed = SeedImage.withTable(1).objref(4, 2).file(0, 0);
        assertEquals(
                387, assertThrows(MalformedImageException.class, () -> ImageReader.read(seed.image())).offsetBytes());
    }
}
