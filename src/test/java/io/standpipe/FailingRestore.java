// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.testkit.ClassDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Restores a small image to load all classes, then a large one; prints the failure and what it left open. */
final class FailingRestore {

    private FailingRestore() {}

    public static void main(String[] arguments) throws IOException {
        ClassDirectory.loadAllBeside(Restore.class);
        Restore.from(Path.of(arguments[0])).open().close();
        int before = openDescriptors();
        try (RestoredPipes restored = Restore.from(Path.of(arguments[1])).open()) {
            System.out.print(restored.numbers() + " restored\n");
        } catch (IOException e) {
            System.out.print(e + "\n");
        }
        System.out.print(" " + (openDescriptors() - before) + " more than before\n");
    }

    private static int openDescriptors() {
        return Path.of("/proc/self/fd").toFile().list().length;
    }
}
