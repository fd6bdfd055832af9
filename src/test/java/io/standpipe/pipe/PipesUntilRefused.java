// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import io.standpipe.testkit.ErrnoAssertions;
import io.standpipe.testkit.TestPipe;
import java.util.ArrayList;
import java.util.List;

/** Main class for {@link Pipe2Test}: makes pipes until the kernel refuses one, and prints the message. */
final class PipesUntilRefused {

    private PipesUntilRefused() {}

    public static void main(String[] arguments) {
        loadClasses();
        List<TestPipe> pipes = new ArrayList<>();
        String message = null;
        while (message == null) {
            try {
                pipes.add(TestPipe.open());
            } catch (ErrnoException e) {
                message = e.getMessage();
            }
        }
        pipes.forEach(TestPipe::close);
        System.out.print(message);
    }

    /** A class is read from a file, which needs a descriptor: there will be none when it is needed. */
    private static void loadClasses() {
        try (TestPipe pipe = TestPipe.open()) {
            pipe.closeReadEnd();
            Pipes.capacityBytes(ErrnoAssertions.NEVER_OPEN);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EBADF) {
                throw new AssertionError(e);
            }
        }
    }
}
