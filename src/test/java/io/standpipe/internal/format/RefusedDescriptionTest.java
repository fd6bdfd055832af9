// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static io.standpipe.testkit.SeedImage.assertRefused;

import io.standpipe.testkit.SeedImage;
import org.junit.jupiter.api.Test;

/** Which FIFOs, FILE_NAME and OWNER the reader refuses, and in which words. FILE is at 387, what follows at 443. */
class RefusedDescriptionTest {

    @Test
    void fileTypeZeroIsRefused() {
        assertRefused(
                "offset 387: FILE: f_type is 0, expected 1 to 7, of which 2 (PIPE) and 3 (FIFO) are restored",
                SeedImage.withTable(1).objref(4, 2).file(0, 1, 0, 3));
    }

    @Test
    void versionOfAPipeIsRefused() {
        assertRefused(
                "offset 387: FILE: f_version is 4294967297, expected 0 for what does not only read a FIFO",
                SeedImage.withTable(1).objref(4, 2).fileOfVersion(2, 0, 3).pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void versionOfAFifosWriterIsRefused() {
        for (int flags = 1; flags <= 2; flags++) {
            assertRefused(
                    "offset 387: FILE: f_version is 4294967297, expected 0 for what does not only read a FIFO",
                    SeedImage.withTable(1).objref(4, 2).fileOfVersion(3, flags, 3).fileName("/f\0"));
        }
    }

    @Test
    void fifoWithoutFileNameIsRefused() {
        assertRefused(
                "offset 443: found PIPE_BUF, expected FILE_NAME",
                withFifo().pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void secondDescriptionOfAFifoWithoutFileNameIsRefused() {
        assertRefused(
                "offset 567: found FILE_DESC, expected FILE_NAME",
                SeedImage.withTable(2).objref(4, 2).fifo(0, 3).fileName("/f\0").pipeBuf(SeedImage.PAYLOAD)
                        .fileDesc(2, 4).objref(4, 5).fifo(1, 3).fileDesc(5, 6));
    }

    @Test
    void pipeWithFileNameIsRefused() {
        assertRefused(
                "offset 443: found FILE_NAME, expected PIPE_BUF",
                withPipe().fileName("/f\0").pipeBuf(SeedImage.PAYLOAD));
    }

    @Test
    void secondFileNameOfAFifoIsRefused() {
        assertRefused(
                "offset 454: found FILE_NAME, expected PIPE_BUF", withFifo().fileName("/f\0").fileName("/f\0"));
    }

    @Test
    void fifoThatWasAPipeBeforeIsRefused() {
        assertRefused(
                "offset 500: FILE: f_type of one more description of its pipe is 3, expected 2",
                SeedImage.withTable(2).objref(4, 2).file(0, 3).pipeBuf(SeedImage.PAYLOAD).fileDesc(2, 4)
                        .objref(4, 5).fifo(1, 3).fileName("/f\0").fileDesc(5, 6));
    }

    @Test
    void pipeThatWasAFifoBeforeIsRefused() {
        assertRefused(
                "offset 511: FILE: f_type of one more description of its pipe is 2, expected 3",
                SeedImage.withTable(2).objref(4, 2).fifo(0, 3).fileName("/f\0").pipeBuf(SeedImage.PAYLOAD)
                        .fileDesc(2, 4).objref(4, 5).file(1, 3).fileDesc(5, 6));
    }

    @Test
    void fileNameOfOneByteIsRefused() {
        assertRefused(
                "offset 443: FILE_NAME: path is 1 bytes, expected 2 to 4096, its NUL included",
                withFifo().fileName("\0"));
    }

    @Test
    void emptyFileNameIsRefused() {
        assertRefused(
                "offset 443: FILE_NAME: path is 0 bytes, expected 2 to 4096, its NUL included",
                withFifo().fileName(""));
    }

    @Test
    void fileNameOf4097BytesIsRefused() {
        assertRefused(
                "offset 443: FILE_NAME: path is 4097 bytes, expected 2 to 4096, its NUL included",
                withFifo().fileName("/" + "x".repeat(4095) + "\0"));
    }

    @Test
    void fileNameWithANulInsideIsRefused() {
        assertRefused(
                "offset 443: FILE_NAME: path is one with a NUL at byte 2,"
                        + " expected one that ends with its only NUL",
                withFifo().fileName("/a\0b\0"));
    }

    @Test
    void fileNameWithTwoNulsAtItsEndIsRefused() {
        assertRefused(
                "offset 443: FILE_NAME: path is one with a NUL at byte 2,"
                        + " expected one that ends with its only NUL",
                withFifo().fileName("/a\0\0"));
    }

    @Test
    void fileNameWithoutNulIsRefused() {
        assertRefused(
                "offset 443: FILE_NAME: path is one without a NUL, expected one that ends with its only NUL",
                withFifo().fileName("/a"));
    }

    @Test
    void relativeFileNameIsRefused() {
        assertRefused(
                "offset 443: FILE_NAME: path is a relative one, expected one that begins with a slash",
                withFifo().fileName("a/b\0"));
    }

    @Test
    void fileNameWithADotIsRefused() {
        assertRefused(detourAt(3), withFifo().fileName("/a/./b\0"));
    }

    @Test
    void fileNameWithTwoDotsIsRefused() {
        assertRefused(detourAt(3), withFifo().fileName("/a/../b\0"));
    }

    @Test
    void fileNameThatEndsWithTwoDotsIsRefused() {
        assertRefused(detourAt(3), withFifo().fileName("/a/..\0"));
    }

    @Test
    void fileNameWithAnEmptyComponentIsRefused() {
        assertRefused(detourAt(3), withFifo().fileName("/a//b\0"));
    }

    @Test
    void fileNameThatBeginsWithTwoSlashesIsRefused() {
        assertRefused(detourAt(1), withFifo().fileName("//a\0"));
    }

    @Test
    void fileNameThatEndsWithASlashIsRefused() {
        assertRefused(detourAt(3), withFifo().fileName("/a/\0"));
    }

    @Test
    void fileNameOfTheRootIsRefused() {
        assertRefused(detourAt(1), withFifo().fileName("/\0"));
    }

    @Test
    void ownerOfAnotherLengthIsRefused() {
        assertRefused(
                "offset 443: OWNER: length is 20, expected 24", withPipe().ints(8005, 1, 100, 0));
    }

    @Test
    void ownerTypeThreeIsRefused() {
        assertRefused("offset 443: OWNER: owner_type is 3, expected 0 to 2", withPipe().owner(3, 100, 0));
    }

    @Test
    void ownerTypeBeyondSignedRangeIsRefused() {
        assertRefused(
                "offset 443: OWNER: owner_type is 4294967295, expected 0 to 2", withPipe().owner(-1, 100, 0));
    }

    @Test
    void negativeOwnerIsRefused() {
        assertRefused("offset 443: OWNER: owner is -100, expected 0 or more", withPipe().owner(1, -100, 0));
    }

    @Test
    void signal65IsRefused() {
        assertRefused("offset 443: OWNER: signal is 65, expected 0 to 64", withPipe().owner(1, 100, 65));
    }

    @Test
    void ownerBeforeFileNameIsRefused() {
        assertRefused(
                "offset 443: found OWNER, expected FILE_NAME", withFifo().owner(1, 100, 0).fileName("/f\0"));
    }

    @Test
    void secondOwnerIsRefused() {
        assertRefused(
                "offset 467: found OWNER, expected PIPE_BUF", withPipe().owner(1, 100, 0).owner(1, 100, 0));
    }

    @Test
    void ownerBehindTheStateIsRefused() {
        assertRefused(
                "offset 507: found OWNER, expected PIPE_BUF", withPipe().pipeState(3, 4096, 9).owner(1, 100, 0));
    }

    private static String detourAt(int at) {
        return "offset 443: FILE_NAME: path is one with an empty, '.' or '..' component at byte " + at
                + ", expected one without";
    }

    private static SeedImage withPipe() {
        return SeedImage.withTable(1).objref(4, 2).file(0, 3);
    }

    private static SeedImage withFifo() {
        return SeedImage.withTable(1).objref(4, 2).fifo(0, 3);
    }
}
