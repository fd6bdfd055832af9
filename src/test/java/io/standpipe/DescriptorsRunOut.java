// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.pipe.Fd;
import io.standpipe.testkit.ClassDirectory;
import io.standpipe.testkit.FreeFds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;

/** Takes all descriptors there are, then gives them back one by one until a restore succeeds. */
final class DescriptorsRunOut {

    private DescriptorsRunOut() {}

    public static void main(String[] arguments) throws IOException {
        Path image = Path.of(arguments[0]);
        ClassDirectory.loadAllBeside(Restore.class);
        Restore.from(image).check();
        Deque<Fd> taken = FreeFds.takeAll();
        while (!restored(image)) {
            taken.pop().close();
        }
        System.out.print("only UnavailableException\n");
    }

    private static boolean restored(Path image) throws IOException {
        try (RestoredPipes pipes = Restore.from(image).open()) {
            return !pipes.numbers().isEmpty();
        } catch (UnavailableException e) {
            return false;
        }
    }
}
