// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.Sysctl;
import io.standpipe.testkit.TestPipe;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class that makes pipes until the soft limit of its user's pages (pipe-user-pages-soft) is reached. Prints the capacity
 * in bytes that a new pipe then has, and holds the pipes until standard input ends.
 */
final class TakePipePages {

    private static final int USUAL_BYTES = 65_536;

    private TakePipePages() {}

    public static void main(String[] args) throws Exception {
        List<TestPipe> pipes = new ArrayList<>();
        int wanted = (int) Sysctl.number(Sysctl.PIPE_MAX_SIZE);
        int given = USUAL_BYTES;
        while (given >= USUAL_BYTES || wanted > given) {
            TestPipe pipe = TestPipe.open();
            pipes.add(pipe);
            given = Pipes.capacityBytes(pipe.writeFd());
            try {
                Pipes.setCapacityBytes(pipe.writeFd(), wanted);
            } catch (ErrnoException e) {
                wanted /= 2;
            }
        }
        System.out.println(given);
        System.in.read();
        pipes.forEach(TestPipe::close);
    }
}
