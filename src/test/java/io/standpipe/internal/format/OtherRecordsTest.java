// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static io.standpipe.testkit.SeedImage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Image;
import io.standpipe.testkit.CheckedImage;
import io.standpipe.testkit.RecordWalk;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.SeriesImage;
import io.standpipe.testkit.SeriesImage.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of what is no pipe: where they are skipped, and where they are refused. */
class OtherRecordsTest {

    @ParameterizedTest
    @ValueSource(ints = {8, 104, 106, 118, 201, 299, 306, 308, 401, 405, 451, 501, 507, 601, 604, 701, 709})
    void recordBehindTheTreeIsSkippedAndCounted(int type) throws IOException {
        SeedImage seed = SeedImage.began().record(type, new byte[12]).record(4, new byte[9]).record(5, new byte[3])
                .objref(3, 1).ints(301, 0, 0).taskObjs(1).tail();
        assertEquals(3, ImageReader.read(seed.image()).otherRecords());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 119, 200, 300, 309, 406, 452, 508, 605, 710, 8000, 9000, 9002})
    void typeThatTheSeriesHasNotIsRefused(int type) {
        assertRefused("offset 339: found type " + type + ", expected TASK_OBJS", SeedImage.began().record(type, new byte[8]));
    }

    @Test
    void recordOfTheWholeImageIsRefusedBehindTheTree() {
        assertRefused("offset 339: found HEADER_ARCH, expected TASK_OBJS", SeedImage.began().record(2, new byte[8]));
    }

    @Test
    void recordOfAProcessIsRefusedBeforeTheTree() {
        assertRefused("offset 291: found MM, expected TREE", new SeedImage().header().uts().record(401, new byte[8]));
    }

    @Test
    void bufferIsRefusedWhereItBelongsToNothing() {
        assertRefused("offset 371: found BUFFER, expected FILE_DESC", SeedImage.withTable(1).record(4, new byte[8]));
    }

    @Test
    void objectsWithinOneAnotherHaveABound() throws IOException {
        assertEquals(1, ImageReader.read(nested(9).image()).processes().size());
        assertRefused("offset 483: OBJREF: there are 9 objects around it, expected at most 8", nested(10));
    }

    private static SeedImage nested(int files) {
        SeedImage image = SeedImage.began();
        for (int i = 0; i < files; i++) {
            image.objref(4, 10 + i);
        }
        for (int i = 0; i < files; i++) {
            image.file(1, 1, 0, 0);
        }
        return image.objref(3, 1).ints(301, 0, 0).taskObjs(1).tail();
    }

    @Test
    void objrefOfAnyObjectIsTakenOnce() {
        assertRefused(
                "offset 355: OBJREF: objref is 9, expected a new one, and that is a object of type 14",
                SeedImage.began().objref(14, 9).objref(17, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 24, -1})
    void objectThatTheSeriesHasNotIsRefused(int objtype) {
        assertRefused(
                "offset 339: OBJREF: objtype is " + Integer.toUnsignedString(objtype) + ", expected 1 to 23",
                SeedImage.began().objref(objtype, 9));
    }

    @Test
    void descriptorOfAnObjectThatIsNoFileIsRefused() {
        assertRefused(
                "offset 387: FILE_DESC: fd_objref is 9, expected that of a FILE before it",
                SeedImage.withTable(1).objref(14, 9).fileDesc(9, 0));
    }

    @Test
    void fileTooShortForItsKindIsRefused() {
        assertRefused(
                "offset 387: FILE: length is 40, expected at least 48", SeedImage.withTable(1).objref(4, 2).record(304, new byte[32]));
    }

    @Test
    void descriptorsOfOtherFilesCountAmongThoseThatAnImageMayHave() {
        int each = Image.MOST_DESCRIPTORS / 64;
        int[] pids = new int[65];
        Arrays.setAll(pids, i -> 100 + i);
        SeedImage image = new SeedImage().header().uts().tree(pids).objref(3, 1).ints(301, each, 0).objref(4, 2).file(1, 1, 0, 0);
        for (int fd = 0; fd < each; fd++) {
            image.fileDesc(2, fd);
        }
        for (int i = 0; i < pids.length; i++) {
            image.taskObjs(1);
        }
        assertRefused("offset " + (image.bytes().length - 32)
                + ": TASK_OBJS: the processes up to this one have 1064960 descriptors, expected at most 1048576", image.tail());
    }

    @Test
    void memoryOfProcessesIsNotReadIntoMemory() throws IOException {
        byte[] image = SeriesImage.of(Version.V23, new byte[0], "/f", new byte[0]);
        RecordWalk.Found pages = RecordWalk.of(image).stream().filter(record -> record.length() > 1 << 21).findFirst().orElseThrow();
        int[] asked = new int[2];
        ImageReader.read(new ImageReader.Source() {
            @Override
            public long sizeBytes() {
                return image.length;
            }

            @Override
            public ByteBuffer allocate(int sizeBytes) {
                asked[0] = Math.max(asked[0], sizeBytes);
                return ByteBuffer.allocate(sizeBytes);
            }

            @Override
            public void read(long offsetBytes, ByteBuffer into) {
                long within = Math.min(offsetBytes + into.limit(), pages.end()) - Math.max(offsetBytes, pages.offset());
                asked[1] += (int) Math.max(0, within);
                into.put(image, (int) offsetBytes, into.limit());
            }
        });
        assertTrue(asked[0] <= 1 << 16, asked[0] + " bytes allocated at once");
        assertTrue(asked[1] <= 1 << 13, asked[1] + " of " + pages.length() + " bytes read");
    }

    @Test
    void bufferThatReachesBeyondTheImageIsRefused() {
        assertRefused(
                "offset 347: BUFFER: length is 4294967295, expected 8 to 16, what is left of the image",
                SeedImage.began().record(401, new byte[0]).frame(4, -1).raw(new byte[8]));
    }

    @Test
    void entriesOfATreeThatIsTooLongAreRefusedUnread() {
        assertRefused(
                "offset 307: BUFFER: length is 4000008, expected 32",
                new SeedImage().header().uts().ints(102, 1, 0).record(4, new byte[4_000_000]));
    }

    /** Cut anywhere, or with any record missing or changed, it is refused or accepted, and nothing else. */
    @ParameterizedTest
    @EnumSource
    void damagedImageIsRefusedInOrder(Version version) throws IOException {
        byte[] image = SeriesImage.small(version);
        ImageReader.read(new CheckedImage(image));
        for (int length = 0; length < image.length; length++) {
            byte[] cut = Arrays.copyOf(image, length);
            assertThrows(MalformedImageException.class, () -> ImageReader.read(new CheckedImage(cut)), "cut to " + length);
        }
        for (int at = 0; at < image.length; at++) {
            for (int change : new int[] {1, 0x80, 0xff}) {
                byte[] changed = image.clone();
                changed[at] ^= (byte) change;
                try {
                    ImageReader.read(new CheckedImage(changed));
                } catch (MalformedImageException e) {
                    assertTrue(e.getMessage().startsWith("offset "), e.getMessage());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void numbersOfPidsThatDoNotFollowTheLayoutAreLeftOut(int depth) throws IOException {
        SeedImage seed = new SeedImage().header().uts().ints(101, 1, 0, 100, 0).ints(4, depth, 4711).tree(100)
                .objref(3, 1).ints(301, 0, 0).taskObjs(1).tail();
        assertEquals(4711, ImageReader.read(seed.image()).processes().get(0).pid());
        SeedImage none = new SeedImage().header().uts().ints(101, 1, 0, 100, 0).ints(4, depth).tree(100)
                .objref(3, 1).ints(301, 0, 0).taskObjs(1).tail();
        assertEquals(100, ImageReader.read(none.image()).processes().get(0).pid());
    }
}
