// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class ImageSaverTest {

    @Test
    void imageThatCannotBeFinishedSaysWhy() throws IOException {
        try (TestPipe pipe = TestPipe.open(); TestPipe way = TestPipe.open()) {
            try (Inventory inventory = DescriptorCollector.collect(
                    new Targets.Opened(List.of(OwnDescriptors.named(new int[] {pipe.readFd()})), List.of()))) {
                ImageSaver saver = new ImageSaver(null, inventory.processes(new Programs()), () -> new FailingContents("the pipe is on fire"), Leaks.UNKNOWN, List.of(),
                        () -> Duration.ZERO, ProgressTracker.NONE, WaitLimit.NONE);
                assertThrows(StandpipeException.class, () -> saver.toStream(way.writeFd(), "the way", false));
            }
            way.closeWriteEnd();
            ImageRefusedException e = assertThrows(ImageRefusedException.class, Restore.fromStream(way.readFd())::open);
            assertTrue(e.getMessage().endsWith(
                    ": ERROR: whoever wrote the image gave up before its end: the pipe is on fire"), e.getMessage());
        }
    }

    private static final class FailingContents extends PipeContents {

        private final String message;

        FailingContents(String message) {
            this.message = message;
        }

        @Override
        int pipes() {
            return 1;
        }

        @Override
        long queuedBytes() {
            return 0;
        }

        @Override
        Image.Pipe cloneOf(int objref) throws StandpipeException {
            throw new StandpipeException(message);
        }
    }
}
