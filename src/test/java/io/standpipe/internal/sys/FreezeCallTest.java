// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Captures while a process stands still, and what is noticed of it then. */
@ExtendWith(DescriptorLeakCheck.class)
class FreezeCallTest {

    private static final List<Integer> ANY_CHILD = List.of();
    private static final int UNCOUNTED = -1;

    private final List<Fd> opened = new ArrayList<>();
    private TestProcess process;
    private int child;

    @BeforeEach
    void startAProcessWithAChild() throws IOException {
        process = TestProcess.shellWithoutPipes("sleep 1000 & exec tail -f /dev/null").awaitBecome("tail");
        child = process.awaitDescendant("sleep");
        // It has opened what it opens when it waits.
        Await.until("it waits", () -> state(process.pid()) == 'S');
    }

    @AfterEach
    void end() throws IOException {
        process.close();
        opened.forEach(Fd::close);
    }

    @Test
    void processRunsAgainAfterwards() throws IOException {
        FreezeCall standing = new FreezeCall(List.of(standing(UNCOUNTED)), List.of(), ANY_CHILD, FreezeCall.PATIENCE);
        assertEquals(0, standing.capture(new TeeBatch(0)));
        assertFalse(standing.hasChanged());
        assertTrue(standing.lasted().compareTo(Duration.ZERO) > 0);
        Await.until("it runs", () -> state(process.pid()) == 'S');
    }

    @Test
    void unknownChildIsAChange() throws IOException {
        assertTrue(changed(UNCOUNTED, List.of(process.pid())));
        assertFalse(changed(UNCOUNTED, List.of(process.pid(), child).stream().sorted().toList()));
    }

    @Test
    void otherCountOfFdsIsAChange() throws IOException {
        long count = Stat.of(open("/proc/" + process.pid() + "/fd")).sizeBytes(); // 0 before Linux 6.2, always
        assertFalse(changed(count, ANY_CHILD));
        assertTrue(changed(count + 1, ANY_CHILD));
    }

    @Test
    void processLeftAloneIsNotStopped() throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().waitFor());
        Await.until("it is stopped", () -> state(process.pid()) == 'T');
        FreezeCall.Process alone = new FreezeCall.Process(process.pid(), -1, FreezeCall.How.NOT_AT_ALL, -1, UNCOUNTED);
        assertEquals(0, new FreezeCall(List.of(alone), List.of(), ANY_CHILD, FreezeCall.PATIENCE).capture(new TeeBatch(0)));
        assertEquals('T', state(process.pid()));
    }

    @Test
    void failedTeesAreCountedAndProcessRunsAgain() throws IOException {
        TeeBatch captures = new TeeBatch(1);
        captures.set(0, TeeBatch.By.READ_END, -1, -1);
        assertEquals(1, new FreezeCall(List.of(standing(UNCOUNTED)), List.of(), ANY_CHILD, FreezeCall.PATIENCE).capture(captures));
        assertEquals(Errno.EBADF, assertThrows(ErrnoException.class, () -> captures.lengthBytes(0)).errno());
        Await.until("it runs", () -> state(process.pid()) == 'S');
    }

    @Test
    void processThatCannotBeStoppedFailsAndOthersRunAgain() throws IOException {
        FreezeCall.Process wrong = new FreezeCall.Process(child, Integer.MAX_VALUE, FreezeCall.How.SIGNAL, -1, UNCOUNTED);
        FreezeCall standing =
                new FreezeCall(List.of(standing(UNCOUNTED), wrong), List.of(), ANY_CHILD, FreezeCall.PATIENCE);
        assertEquals(
                Errno.EBADF, assertThrows(ErrnoException.class, () -> standing.capture(new TeeBatch(0))).errno());
        Await.until("it runs", () -> state(process.pid()) == 'S');
    }

    private boolean changed(long descriptors, List<Integer> known) throws IOException {
        FreezeCall standing = new FreezeCall(List.of(standing(descriptors)), List.of(), known, FreezeCall.PATIENCE);
        standing.capture(new TeeBatch(0));
        return standing.hasChanged();
    }

    private FreezeCall.Process standing(long descriptors) throws IOException {
        return new FreezeCall.Process(
                process.pid(), -1, FreezeCall.How.TRACE, open("/proc/" + process.pid() + "/fd"), descriptors);
    }

    private int open(String path) throws IOException {
        return kept(FileCalls.open(FileCalls.CURRENT_DIRECTORY, path, Flags.O_RDONLY, 0));
    }

    private int kept(Fd fd) {
        opened.add(fd);
        return fd.number();
    }

    private static char state(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
