// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import java.io.File;
import java.nio.file.Path;

/** Saves a shell, whose commands begin and end all the time, a hundred times to a file. */
final class SaveChangingTree {

    private SaveChangingTree() {}

    public static void main(String[] arguments) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "while :; do echo x | cat > /dev/null; done")
                .redirectInput(new File("/dev/null"))
                .redirectOutput(new File("/dev/null"))
                .redirectError(new File("/dev/null"))
                .start();
        try {
            for (int round = 0; round < 100; round++) {
                Checkpoint.ofTree(shell.toHandle()).writeTo(Path.of(arguments[0]));
            }
            System.out.print("saved\n");
        } finally {
            shell.destroyForcibly();
        }
    }
}
