// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.testkit.Thorough;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ThreadTablesTest {

    /** A thread that ends has no table any more a moment before it is gone. */
    @Test
    void threadsThatEndMeanwhileHaveNoTableOfTheirOwn() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread starter = new Thread(() -> {
            while (!stopped.get()) {
                new Thread(() -> {}).start();
            }
        });
        starter.start();
        try {
            int pid = ProcessCalls.pid();
            for (int i = 0; i < Thorough.rounds(2000, 20_000); i++) {
                assertEquals(List.of(pid), ThreadTables.of(pid));
            }
        } finally {
            stopped.set(true);
            starter.join();
        }
    }
}
