// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Main class for {@link ShutdownTest}: one thread saves a process again and again, another restores pipes in place, and then the
 * JVM exits at some moment, or is asked to end by SIGTERM. Arguments: pid, image, {@code exit} or {@code terminate}, seed.
 */
final class ShutDownInTheMiddle {

    private static final int MOST_MICROS = 50_000;

    private ShutDownInTheMiddle() {}

    private interface Work {
        void run() throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
        Path image = Path.of(arguments[1]);
        Checkpoint checkpoint = Checkpoint.ofProcess(Long.parseLong(arguments[0]), 0);
        checkpoint.writeTo(image);
        TestPipe pipe = TestPipe.holding(new byte[10_000]);
        PipesInPlace inPlace = PipesInPlace.of(pipe.readFd(), pipe.writeFd());
        byte[] saved = inPlace.toBytes();
        for (int i = 0; i < 2; i++) {
            again(() -> checkpoint.writeTo(image));
        }
        again(() -> inPlace.restore(Restore.fromBytes(saved)));
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(new Random(Long.parseLong(arguments[3])).nextInt(MOST_MICROS)));
        if (arguments[2].equals("exit")) {
            System.exit(7);
        }
        new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).start();
        LockSupport.park();
    }

    private static void again(Work work) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    work.run();
                }
            } catch (IOException e) {
                e.printStackTrace();
            }
        });
        thread.start();
    }
}
