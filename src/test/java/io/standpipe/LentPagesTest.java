// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The saved bytes are those that were in the pipe, also where a program lends its pages to it and changes them later. */
@ExtendWith(DescriptorLeakCheck.class)
class LentPagesTest {

    private static final int FULL = 65_536;
    /** With these, the pipes' capacities are more than what is always copied. */
    private static final String MANY = "17";

    @TempDir
    static Path programs;

    private static Path lend;

    @TempDir
    Path directory;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        lend = CCode.program(programs, LentPagesTest.class, "lend.c");
    }

    @ParameterizedTest
    @CsvSource({"vmsplice, 8", "splice, 8", "sendfile, 8", "vmsplice, 16"})
    void pagesChangedLaterAreSavedAsTheyWere(String how, int pages) throws IOException {
        assertSavedAsLent(pages * 4096, how, Integer.toString(pages), "0");
    }

    /** Each pipe is full, so that a thread waits in the call. */
    @ParameterizedTest
    @CsvSource({"vmsplice", "splice", "sendfile"})
    void pagesOfAProgramSeenLendingAreSavedAsTheyWere(String how) throws IOException {
        assertSavedAsLent(FULL, how, "17", MANY);
    }

    @Test
    void pagesAreSavedAsTheyWereWithCopying() throws IOException {
        try (TestProcess program = lending("vmsplice", "8", MANY)) {
            assertSavedAsLent(program, Checkpoint.ofProcess(program.pid()).copying(), 8 * 4096);
        }
    }

    private void assertSavedAsLent(int bytes, String... arguments) throws IOException {
        try (TestProcess program = lending(arguments)) {
            assertSavedAsLent(program, Checkpoint.ofProcess(program.pid()), bytes);
        }
    }

    private TestProcess lending(String... arguments) throws IOException {
        TestProcess program = TestProcess.of(List.of("sh", "-c", "exec \"$0\" \"$@\" 2> " + log(), lend.toString(),
                arguments[0], arguments[1], arguments[2]));
        awaitLog("lent");
        // In the call, if not all fits.
        Await.until("it waits", () -> program.state() == 'S');
        return program;
    }

    private void assertSavedAsLent(TestProcess program, Checkpoint checkpoint, int bytes) throws IOException {
        Path image = directory.resolve("lent.ckpt");
        TestProcess.awaitQueued(program.pid(), 1, bytes);
        try (Snapshot snapshot = checkpoint.snapshot()) {
            program.feed(new byte[] {'!'});
            awaitLog("changed");
            byte[] lent = new byte[bytes];
            Arrays.fill(lent, (byte) 'A');
            snapshot.writeTo(image);
            for (Restore restore : List.of(Restore.from(snapshot), Restore.from(image))) {
                try (RestoredPipes restored = restore.open()) {
                    assertArrayEquals(lent, PipeIo.readBehind(restored.descriptor(1).number()));
                }
            }
        }
        assertEquals('B', program.readByte());
    }

    private Path log() {
        return directory.resolve("log");
    }

    private void awaitLog(String line) {
        Await.until("it says " + line, () -> Files.exists(log()) && Files.readString(log(), StandardCharsets.UTF_8).contains(line));
    }
}
