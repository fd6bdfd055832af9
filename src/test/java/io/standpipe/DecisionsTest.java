// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeHolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class DecisionsTest {

    @TempDir
    Path directory;

    private static final class Listener implements Decisions {

        private final List<String> said = new ArrayList<>();

        @Override
        public void reached(Phase phase, long pipes, long ofPipes, long bytes, long ofBytes) {}

        @Override
        public void decided(String sentence) {
            said.add(sentence);
        }

        private void assertSaid(String part) {
            assertEquals(1, said.stream().filter(each -> each.contains(part)).count(), () -> part + " once in " + said);
        }
    }

    @Test
    void checkpointSaysWhatItFoundAndHowItSaved() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        Path image = directory.resolve("app.ckpt");
        try (PipeHolder holder = PipeHolder.of("4", "5", "payload")) {
            Listener listener = new Listener();
            Checkpoint checkpoint = Checkpoint.ofProcess(holder.pid(), 4).lookingForOthers();
            checkpoint.reporting(listener).writeTo(image);
            listener.assertSaid("process " + holder.pid() + ", descriptor 4: the read end of pipe ");
            listener.assertSaid("frozen by ptrace, the default");
            listener.assertSaid("captured by copying the bytes: the pipes hold no more than 1 MiB");
            listener.assertSaid("the write end is held by process " + holder.pid() + ", descriptor 5 too");
            listener.assertSaid("the image is written to a temporary file of mode 0600 in the same directory");

            Listener running = new Listener();
            checkpoint.freezing(Freeze.NONE).reporting(running).writeTo(image);
            running.assertSaid("not frozen: that was asked for");
        }
    }

    @Test
    void restoreSaysWhatItDoesWithEachPipeAndDescriptor() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        Listener listener = new Listener();
        Restore.from(image).reporting(listener).open().close();
        listener.assertSaid(": a new pipe of 65536 bytes, filled with 7 bytes");
        listener.assertSaid(", descriptor 4: the read end of pipe ");
        Listener copying = new Listener();
        Restore.from(image).copying().reporting(copying).open().close();
        copying.assertSaid("filled with 7 bytes by copying: that was asked for");
    }

    @Test
    void listenerOfProgressAloneIsEnough() throws Exception {
        Path image = PipeHolder.save(directory.resolve("app.ckpt"), "4", "-", "payload");
        List<Progress.Phase> phases = new ArrayList<>();
        Restore.from(image).reporting((phase, pipes, ofPipes, bytes, ofBytes) -> phases.add(phase)).open().close();
        assertTrue(phases.contains(Progress.Phase.RESTORE), phases::toString);
    }
}
