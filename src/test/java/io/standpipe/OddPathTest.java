// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The name of a FIFO is bytes: any of them come back, and none is taken for something else. */
@ExtendWith(DescriptorLeakCheck.class)
class OddPathTest {

    private static final byte[] CONTENT = RandomBytes.of(5_000);
    private static final String LONGEST = "n".repeat(255);

    @TempDir
    Path folder;

    private Path image;
    private Fd home;

    static String[] names() {
        return new String[] {
            "a b ", "a\nb", "a\u00ffb", "\u0080\u00fe", "a'b\"c`d$e", "\\x41", "-rf", "%s%n", ":",
            utf8("\ud83d\ude00"), utf8("\u202e\u2028"), "f (deleted)", " (deleted)", "pipe:[1]", LONGEST
        };
    }

    @BeforeEach
    void openTheFolder() throws IOException {
        folder = folder.toRealPath();
        image = folder.resolve("fifo.ckpt");
        home = FileCalls.open(FileCalls.CURRENT_DIRECTORY, folder.toString(), Flags.O_RDONLY, 0);
    }

    @AfterEach
    void closeTheFolder() {
        home.close();
    }

    @ParameterizedTest
    @MethodSource("names")
    void fifoIsOpenedByItsName(String name) throws IOException {
        long ino = save(name, false);
        assertSaved(name, false);
        assertRestored(Restore.from(image).fifosBelow(folder), ino);
    }

    @ParameterizedTest
    @MethodSource("names")
    void fifoIsCreatedWithItsName(String name) throws IOException {
        save(name, false);
        PathCalls.unlink(home.number(), name.getBytes(ISO_8859_1));
        assertRestored(Restore.from(image).fifosBelow(folder).creatingFifos(), 0);
        try (Fd made = open(name, Flags.O_PATH)) {
            assertTrue(Stat.of(made.number()).isFifo());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void unlinkedFifoIsSavedWithItsName(String name) throws IOException {
        save(name, true);
        assertSaved(name, true);
        assertRestored(Restore.from(image).fifosBelow(folder).recreatingUnlinkedFifos(), 0);
    }

    private long save(String name, boolean unlinking) throws IOException {
        PathCalls.makeFifo(home.number(), name.getBytes(ISO_8859_1), 0600);
        try (Fd both = open(name, Flags.O_RDWR | Flags.O_NONBLOCK)) {
            PipeIo.write(both.number(), CONTENT);
            if (unlinking) {
                PathCalls.unlink(home.number(), name.getBytes(ISO_8859_1));
            }
            Checkpoint.ofDescriptors(both.number()).writeTo(image);
            return Stat.of(both.number()).ino();
        }
    }

    private void assertSaved(String name, boolean nameless) throws IOException {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.write(PathCalls.bytes(folder + "/"));
        path.write(name.getBytes(ISO_8859_1));
        Image.Description saved = only().description();
        assertArrayEquals(path.toByteArray(), saved.path());
        assertEquals(nameless, Restore.from(image).check().pipeOf(saved).unlinked());
    }

    private void assertRestored(Restore restore, long ino) throws IOException {
        try (RestoredPipes pipes = restore.open()) {
            int restored = pipes.descriptor(only().fd()).number();
            assertArrayEquals(CONTENT, PipeIo.readAll(restored));
            assertTrue(ino == 0 || ino == Stat.of(restored).ino());
        }
    }

    private Image.Descriptor only() throws IOException {
        return Restore.from(image).check().processes().get(0).table().descriptors().get(0);
    }

    private Fd open(String name, int flags) throws IOException {
        return PathCalls.openBeneath(home.number(), name.getBytes(ISO_8859_1), flags);
    }

    /** The names here have a character for each byte. */
    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
