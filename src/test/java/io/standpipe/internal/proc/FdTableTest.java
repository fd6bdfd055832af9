// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.pipe.Fd;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The fd table of a process, also if the process ends meanwhile. */
@ExtendWith(DescriptorLeakCheck.class)
class FdTableTest {

    @Test
    void fdsOfAnotherProcessAreListed() throws IOException {
        try (TestProcess process = TestProcess.shell("exec 7<&0 9<&0; exec sleep 1000 3<&-").awaitBecome("sleep")) {
            // Between its exec and its sleep it opens and closes libraries.
            Await.until("it has these", () -> Arrays.equals(new int[] {0, 1, 2, 7, 9}, FdTable.fds(process.pid())));
        }
    }

    @Test
    void processThatEndsBeforeItsFdsAreListedIsNoMore() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep");
                Fd directory = FdTable.open(process.pid())) {
            process.kill();
            NoSuchFileException e = assertThrows(
                    NoSuchFileException.class, () -> FdTable.fdsExcept(new BitSet(), process.pid(), directory));
            assertEquals("/proc/" + process.pid() + "/fd", e.getFile());
        }
    }
}
