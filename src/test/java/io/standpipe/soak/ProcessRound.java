// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;

import io.standpipe.Checkpoint;
import io.standpipe.Freeze;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A pipe of another process, which is stopped meanwhile and then reads all that was in it. */
final class ProcessRound {

    private static final int MOST_BYTES = 65_536;

    private ProcessRound() {}

    static void run(Kind.Bench bench) throws Exception {
        byte[] content = new byte[bench.random().nextInt(MOST_BYTES + 1)];
        bench.random().nextBytes(content);
        Path go = bench.folder().resolve("go");
        Process process = new ProcessBuilder("sh", "-c", "until [ -e '" + go + "' ]; do :; done; exec cat").start();
        try {
            OutputStream input = process.getOutputStream();
            input.write(content);
            input.flush();
            Checkpoint.ofProcess(process.pid(), 0).freezing(Freeze.STOP).writeTo(bench.image());
            try (RestoredPipes restored = Restore.from(bench.image()).open(); InputStream taken = restored.inputStream(0)) {
                byte[] found = taken.readNBytes(content.length + 1);
                SoakPipe.require(Arrays.equals(found, content), "other bytes than were written");
            }
            Files.createFile(go);
            input.close();
            byte[] echoed = process.getInputStream().readAllBytes();
            SoakPipe.require(Arrays.equals(echoed, content), "the process read other bytes than were written");
        } finally {
            Children.end(process);
        }
        Files.delete(go);
        Files.delete(bench.image());
    }
}
