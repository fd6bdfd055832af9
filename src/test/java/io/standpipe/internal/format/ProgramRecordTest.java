// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static io.standpipe.testkit.SeedImage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Image;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an image says of what its processes were, which ones are refused, and in which words. PROGRAM is at 339. */
class ProgramRecordTest {

    @Test
    void programComesThroughAndProcessesWithoutOneHaveNone() throws IOException {
        Image image = ImageReader.read(new SeedImage().header().uts().tree(100, 101)
                .program(100, 4, 5, 1, "grepalicegrep\0-v\0\0x y\0\0\0")
                .objref(3, 1).ints(301, 0, 0).taskObjs(1)
                .taskObjs(1).tail().image());
        Image.Program program = image.processes().get(0).program();
        assertNotNull(program);
        assertEquals("grep", text(program.name()));
        assertEquals(List.of("grep", "-v", "", "x y"), program.arguments().stream().map(ProgramRecordTest::text).toList());
        assertTrue(program.cut());
        assertEquals(1000, program.uid());
        assertEquals("grep -v '' 'x y' ...", ProgramText.of(program));
        assertEquals("alice", ProgramText.user(program));
        assertNull(image.processes().get(1).program());
        assertEquals(0, image.unknownRecords());
    }

    @Test
    void processWithoutArgumentsIsShownByItsNameAndAUserWithoutNameByItsNumber() throws IOException {
        Image.Program program = ImageReader.read(
                        began(100, 7, 0, 0, "kworker").objref(3, 1).ints(301, 0, 0).taskObjs(1).tail().image())
                .processes().get(0).program();
        assertNotNull(program);
        assertEquals("[kworker]", ProgramText.of(program));
        assertNull(program.user());
        assertEquals("1000", ProgramText.user(program));
    }

    @Test
    void hostileBytesAreShownAsEscapes() {
        Image.Program program = new Image.Program(
                bytes("x"), bytes("a\u001b[2J\nb\0\u202e\0it's\0"), false, 0, bytes("r\boot"));
        assertEquals("a\\x1b[2J\\x0ab \\u202e 'it'\\''s'", ProgramText.of(program));
        assertEquals("r\\x08oot", ProgramText.user(program));
    }

    @Test
    void messageHasTheBeginningOfALongCommandLine() {
        Image.Program program = new Image.Program(bytes("x"), bytes("\ud83d\ude00".repeat(500) + "\0"), false, 0, null);
        assertEquals("\ud83d\ude00".repeat(80) + " ...", ProgramText.brief(program));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "101 | 1 | 0 | 0 | x    | vpid is 101, expected 100",
        "100 | 65 | 0 | 0 | x   | name_len is 65, expected at most 64",
        "100 | 0 | 256 | 0 | x  | user_len is 256, expected at most 255",
        "100 | 65535 | 0 | 0 | x | name_len is 65535, expected at most 64",
        "100 | 1 | 1 | 0 | x    | length is 25, expected at least 26",
        "100 | 1 | 0 | 2 | x    | flags is 0x2, expected 0 or 1",
        "100 | 2 | 0 | 0 | x0   | name is one with a NUL at byte 1, expected one without",
        "100 | 1 | 2 | 0 | xr0  | user is one with a NUL at byte 1, expected one without",
        "100 | 1 | 0 | 0 | xab  | command line is one that ends without a NUL, expected a NUL behind each argument",
    })
    void recordWithWrongFieldIsRefused(int pid, int name, int user, int flags, String texts, String problem) {
        assertRefused(
                "offset 339: PROGRAM: " + problem + "",
                began(pid, name, user, flags, texts.replace('0', '\0')));
    }

    @Test
    void commandLineOfMoreThan4096BytesIsRefused() {
        assertRefused(
                "offset 339: PROGRAM: length is 4122, expected at most 4121",
                began(100, 1, 0, 0, "x" + "a".repeat(4096) + "\0"));
    }

    @Test
    void recordWithoutFieldsIsRefused() {
        assertRefused(
                "offset 339: PROGRAM: length is 8, expected at least 24",
                SeedImage.began().record(8008, new byte[0]));
    }

    @Test
    void secondProgramOfAProcessIsRefused() {
        assertRefused(
                "offset 364: found PROGRAM, expected TASK_OBJS",
                began(100, 1, 0, 0, "x").program(100, 1, 0, 0, "x"));
    }

    @Test
    void programBehindTheLastProcessIsRefused() {
        assertRefused(
                "offset 403: found PROGRAM, expected TAIL",
                SeedImage.withTable(0).taskObjs(1).program(100, 1, 0, 0, "x").tail());
    }

    @Test
    void programWithinATableIsRefused() {
        assertRefused(
                "offset 371: found PROGRAM, expected FILE_DESC", SeedImage.withTable(1).program(100, 1, 0, 0, "x"));
    }

    private static SeedImage began(int pid, int nameLength, int userLength, int flags, String texts) {
        return SeedImage.began().program(pid, nameLength, userLength, flags, texts);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(Arrays.copyOf(bytes, bytes.length), StandardCharsets.UTF_8);
    }
}
