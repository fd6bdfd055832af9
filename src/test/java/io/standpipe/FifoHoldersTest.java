// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.Kernel;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Other processes that hold a FIFO are found by whatever name they have it. This one has it as "f". */
@ExtendWith(DescriptorLeakCheck.class)
class FifoHoldersTest {

    private static final Image.ExternalEnds NOBODY = new Image.ExternalEnds(true, false, false);
    private static final Image.ExternalEnds WRITER = new Image.ExternalEnds(true, false, true);

    @TempDir
    Path folder;

    private Path fifo;
    private Fd both;

    @BeforeEach
    void openFifo() throws IOException {
        fifo = makeFifo(folder.resolve("f"));
        both = open(Flags.O_RDWR);
    }

    @AfterEach
    void closeFifo() {
        both.close();
    }

    @Test
    void fifoWithoutExternalHolderPassesStrictly() throws IOException {
        Host.assumeRoot(); // Others cannot look at all processes, and strict is refused.
        Path image = folder.resolve("strict.ckpt");
        Checkpoint.ofDescriptors(both.number()).strict().writeTo(image);
        assertTrue(Files.exists(image));
        assertEquals(NOBODY, outside());
    }

    @Test
    void strictCheckpointNamesExternalHolder() throws IOException {
        try (TestProcess other = writerOf(fifo)) {
            assertEquals(WRITER, outside());
            Path image = folder.resolve("strict.ckpt");
            Checkpoint strict = Checkpoint.ofDescriptors(both.number()).strict();
            assertEquals(
                    "pipe " + Files.getAttribute(fifo, "unix:ino") + ": the write end is held by process " + other.pid()
                            + ", descriptor 3, which is not to be saved (--strict)",
                    assertThrows(StandpipeException.class, () -> strict.writeTo(image)).getMessage());
            assertFalse(Files.exists(image));
        }
    }

    @Test
    void holderOfUnlinkedFifoIsFound() throws IOException {
        try (TestProcess other = writerOf(fifo)) {
            Files.delete(fifo);
            assertEquals(WRITER, outside());
            assertTrue(other.isAlive());
        }
    }

    @Test
    void holderByAnotherNameIsFound() throws IOException {
        // Before, /proc has no inode number of an fd, and what has another name is found when a name was removed.
        boolean isFound = Kernel.isAtLeast(5, 14);
        Path second = Files.createLink(folder.resolve("second name"), fifo);
        try (TestProcess other = writerOf(second)) {
            assertEquals(isFound ? WRITER : NOBODY, outside());
            Files.delete(second);
            assertEquals(WRITER, outside());
            assertTrue(other.isAlive());
        }
    }

    @Test
    void holderOfAnotherFifoWithTheSameNameIsIgnored() throws IOException {
        Path namesake = makeFifo(Files.createDirectory(folder.resolve("other")).resolve("f"));
        try (TestProcess other = holder("3<>'" + namesake + "'")) {
            assertEquals(NOBODY, outside());
            assertTrue(other.isAlive());
        }
    }

    @Test
    void descriptorOpenedWithOPathIsNoHolder() throws IOException {
        try (Fd name = open(Flags.O_PATH)) {
            assertFalse(name.number() == both.number());
            assertEquals(NOBODY, outside());
        }
    }

    @Test
    void processesEndingDuringTheScanAreIgnored() throws IOException {
        String script = "exec 3>'" + fifo + "'; while :; do /bin/true; done";
        try (TestProcess other = TestProcess.shellWithoutPipes(script)) {
            Await.until("it has the FIFO open", () -> outside().equals(WRITER));
            assertTrue(other.isAlive());
            for (int i = 0; i < 30; i++) {
                assertEquals(WRITER, outside());
            }
        }
    }

    private Image.ExternalEnds outside() throws IOException {
        Path image = folder.resolve("fifo.ckpt");
        Checkpoint.ofDescriptors(both.number()).lookingForOthers().writeTo(image);
        return Restore.from(image).check().pipes().values().iterator().next().external();
    }

    private static TestProcess writerOf(Path path) throws IOException {
        return holder("3>'" + path + "'");
    }

    private static TestProcess holder(String redirection) throws IOException {
        return TestProcess.shellWithoutPipes("exec " + redirection + "; exec sleep 1000").awaitBecome("sleep");
    }

    private static Path makeFifo(Path path) throws IOException {
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(path.toString()), 0600);
        return path;
    }

    private Fd open(int flags) throws IOException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifo.toString(), flags | Flags.O_NONBLOCK, 0);
    }
}
