// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.PipeId;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class FdReplacementTest {

    @Test
    void whatCameToAnFdSinceItWasLookedAtIsRefused() throws Exception {
        try (TestPipe saved = TestPipe.open(); TestPipe other = TestPipe.open(); Fd fd = FdCalls.duplicate(saved.readFd())) {
            TrackedFds tracked = new TrackedFds();
            Stat pipe = Stat.of(fd.number());
            tracked.track(Map.of(fd.number(), new PipeId(pipe.dev(), pipe.ino())));
            FdReplacement.prepare(List.of(), List.of(fd.number()), tracked).close();
            FdCalls.duplicateTo(other.readFd(), fd.number()).release();

            StandpipeException refused = assertThrows(StandpipeException.class,
                    () -> FdReplacement.prepare(List.of(), List.of(fd.number()), tracked));
            assertTrue(refused.getMessage().startsWith("descriptor " + fd.number() + ": the number is taken by pipe:["),
                    refused.getMessage());
            assertEquals(Stat.of(other.readFd()).ino(), Stat.of(fd.number()).ino());
        }
    }
}
