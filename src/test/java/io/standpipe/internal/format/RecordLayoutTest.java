// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.testkit.CheckedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pins every record byte for byte. The expected bytes were written by hand from the layout. */
class RecordLayoutTest {

    private static final int DIGEST_AND_TAIL_BYTES = 40;

    @Test
    void headerIsLaidOutAsTheSeriesHasIt() throws IOException {
        assertBytes(
                """
                01000000 48000000  00d2a2c0 0cedfe00
                0200 0600 0800 0102  0600 0000 00000000
                00000000 00000000 0000 4100 4200 4300 00000000 00000000
                08070605 04030201  18171615 14131211
                """,
                new HeaderRecord(2, 6, 8, 0x201, 65, 66, 67, 0x0102030405060708L, 0x1112131415161718L));
    }

    @Test
    void bufferIsItsBytesBehindTheFrame() throws IOException {
        assertBytes("04000000 0b000000  616263", new SmallRecords.Buffer(new byte[] {'a', 'b', 'c'}));
    }

    @Test
    void utsnameFieldIsPaddedWithNulsTo65Bytes() throws IOException {
        assertBytes("04000000 49000000  362e38 " + "00".repeat(62), SmallRecords.Buffer.ofUts("6.8"));
    }

    @Test
    void utsnameFieldTooLongIsCutAndKeepsItsNul() throws IOException {
        assertBytes("04000000 49000000 " + "78".repeat(64) + "00", SmallRecords.Buffer.ofUts("x".repeat(70)));
    }

    @Test
    void objrefIsTypeThenNumber() throws IOException {
        assertBytes("06000000 10000000  04000000 04030201", new SmallRecords.Objref(4, 0x01020304));
    }

    @Test
    void treeIsTheCountOfTasks() throws IOException {
        assertBytes("66000000 10000000  03020100 00000000", new SmallRecords.Tree(0x010203));
    }

    @Test
    void treeEntriesAreSixNumbersEach() throws IOException {
        assertBytes(
                """
                04000000 38000000
                01010000 02010000 03010000 04010000 05010000 06010000
                11000000 12000000 13000000 14000000 15000000 16000000
                """,
                SmallRecords.Tree.entries(List.of(
                        new Task(0x101, 0x102, 0x103, 0x104, 0x105, 0x106),
                        new Task(0x11, 0x12, 0x13, 0x14, 0x15, 0x16))));
    }

    @Test
    void taskObjectsBeginWithTheTable() throws IOException {
        assertBytes(
                "69000000 20000000  04030201 00000000 00000000 00000000 00000000 00000000",
                new SmallRecords.TaskObjs(0x01020304));
    }

    @Test
    void fileTableIsTheCountOfDescriptors() throws IOException {
        assertBytes("2d010000 10000000  04030201 00000000", new SmallRecords.FileTable(0x01020304));
    }

    @Test
    void fileDescriptorIsObjrefNumberAndFlag() throws IOException {
        assertBytes(
                "2e010000 18000000  04030201 14131211 01000000 00000000",
                new SmallRecords.FileDesc(0x01020304, 0x11121314, true));
    }

    @Test
    void fileDescriptorWithoutCloseOnExecHasFlagZero() throws IOException {
        assertBytes("2e010000 18000000  01000000 02000000 00000000 00000000", new SmallRecords.FileDesc(1, 2, false));
    }

    @Test
    void fileIs56BytesWithTheVersionAt32AndThePipeAt48() throws IOException {
        assertBytes(
                """
                30010000 38000000  02000000 03020100 13121110 00000000
                00000000 00000000 38373635 34333231 00000000 00000000
                24232221 00000000
                """,
                new FileRecord(2, 0x00010203, 0x10111213, 0x3132333435363738L, 0x21222324));
    }

    @Test
    void fileNameIsThePathAndItsNul() throws IOException {
        assertBytes(
                "2f010000 0d000000  2f612f62 00", new FileNameRecord("/a/b".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void pipeBufferIsItsPayloadBehindTheFrame() throws IOException {
        CheckedImage image = new CheckedImage();
        image.putPayload(new ImageWriter(image, 4096), new byte[] {'a', 'b', 'c'});
        assertEquals(hex("31010000 0b000000  616263"), HexFormat.of().formatHex(image.bytes()));
    }

    @Test
    void tailIsItsMagic() throws IOException {
        assertBytes("29230000 10000000  00efdec0 0c2a2d00", new SmallRecords.Tail());
    }

    @Test
    void infoIsVersionPageSizeAndTwoTexts() throws IOException {
        assertBytes(
                "411f0000 40000000  02000000 00100000  7374616e64" + "00".repeat(19) + " 302e31" + "00".repeat(21),
                new InfoRecord(InfoRecord.FORMAT_VERSION, 4096, "stand", "0.1"));
    }

    @Test
    void infoCutsTextsTooLongAndKeepsTheirNuls() throws IOException {
        assertBytes(
                "411f0000 40000000  02000000 00100000 " + "63".repeat(23) + "00" + "76".repeat(23) + "00",
                new InfoRecord(InfoRecord.FORMAT_VERSION, 4096, "c".repeat(30), "v".repeat(24)));
    }

    @Test
    void padIsZeroesBehindTheFrame() throws IOException {
        CheckedImage image = new CheckedImage();
        ImageWriter writer = new ImageWriter(image, 32);
        image.putPayload(writer, new byte[32]);
        assertEquals(
                hex("421f0000 18000000" + "00".repeat(16) + "31010000 28000000" + "00".repeat(32)),
                HexFormat.of().formatHex(image.bytes()));
    }

    @Test
    void pipeStateIs64Bytes() throws IOException {
        assertBytes(
                """
                431f0000 40000000  04030201 00000100
                08070605 04030201  18171615 14131211
                24232221 34333231 44434241 07000000
                58575655 54535251  01000000 00000000
                """,
                new PipeStateRecord(
                        0x01020304, 65_536,
                        new Image.Inode(0x0102030405060708L, 0x1112131415161718L, 0x21222324, 0x31323334, 0x41424344),
                        new Image.ExternalEnds(true, true, true), 0x5152535455565758L, true));
    }

    @ParameterizedTest
    @CsvSource({
        "true,false,false,false,01000000 0000000000000000 00000000",
        "false,true,false,false,02000000 0000000000000000 00000000",
        "false,false,true,false,04000000 0000000000000000 00000000",
        "false,false,false,true,00000000 0000000000000000 01000000",
    })
    void pipeStateHasOneBitForEachFact(
            boolean lookedFor, boolean read, boolean write, boolean unlinked, String outsideQueuedAndFlags) throws IOException {
        assertBytes(
                "431f0000 40000000  03000000 00100000" + "00".repeat(28) + outsideQueuedAndFlags + "00000000",
                new PipeStateRecord(
                        3, 4096, new Image.Inode(0, 0, 0, 0, 0), new Image.ExternalEnds(lookedFor, read, write), 0, unlinked));
    }

    @Test
    void slotsArePipeTailEndAndEightBytesForEachRun() throws IOException {
        assertBytes(
                """
                441f0000 20000000  04030201 14131211
                24232221 34333231  44434241 54535251
                """,
                new SlotsRecord(0x01020304, new Slots(0x11121314, List.of(
                        new Slots.Run(0x21222324, 0x31323334, false),
                        new Slots.Run(0x41424344, 0x51525354, false)))));
    }

    @Test
    void slotsThatArePacketsHaveBit31OfTheirCountSet() throws IOException {
        assertBytes(
                "441f0000 18000000  03000000 00000000  64000000 02000080",
                new SlotsRecord(3, new Slots(0, List.of(new Slots.Run(100, 2, true)))));
    }

    @Test
    void slotsOfAnEmptyPipeAre16Bytes() throws IOException {
        assertBytes("441f0000 10000000  03000000 00000000", new SlotsRecord(3, new Slots(0, List.of())));
    }

    @Test
    void ownerIsTypeNumberAndSignal() throws IOException {
        assertBytes(
                "451f0000 18000000  02000000 14131211 24232221 00000000",
                new SmallRecords.Owner(new Image.Owner(Image.Owner.Type.GROUP, 0x11121314, 0x21222324)));
    }

    @Test
    void digestIsAlgorithmCrcAndCount() throws IOException {
        assertBytes(
                "471f0000 18000000  01000000 04030201  18171615 14131211",
                new SmallRecords.Digest(0x01020304, 0x1112131415161718L));
    }

    @Test
    void programIsNumbersNameUserAndCommandLine() throws IOException {
        assertBytes(
                "481f0000 24000000  04030201 14131211 0300 0200 01000000  737570 6d65 73757000 2d7800",
                new ProgramRecord(0x01020304, new Image.Program(
                        "sup".getBytes(StandardCharsets.UTF_8), "sup\0-x\0".getBytes(StandardCharsets.UTF_8), true, 0x11121314,
                        "me".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void programWithoutUserAndArgumentsIsTheNameAlone() throws IOException {
        assertBytes(
                "481f0000 1b000000  01000000 02000000 0300 0000 00000000  737570",
                new ProgramRecord(1, new Image.Program("sup".getBytes(StandardCharsets.UTF_8), new byte[0], false, 2, null)));
    }

    private static void assertBytes(String expected, ImageRecord record) throws IOException {
        CheckedImage image = new CheckedImage();
        ImageWriter writer = new ImageWriter(image, 4096);
        writer.append(record);
        writer.finish();
        assertEquals(hex(expected), HexFormat.of().formatHex(image.bytes(), 0, image.bytes().length - DIGEST_AND_TAIL_BYTES));
    }

    private static String hex(String spaced) {
        return spaced.replaceAll("\\s", "");
    }
}
