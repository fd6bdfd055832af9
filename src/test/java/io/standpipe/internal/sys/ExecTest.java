// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.internal.sys.BecomeCommand.AT_3_AND_4;
import static io.standpipe.internal.sys.BecomeCommand.CROSSED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** JVMs that become a command, with the read ends of two pipes. */
@ExtendWith(DescriptorLeakCheck.class)
class ExecTest {

    private static final String NO_MASK = "0";

    @Test
    void commandHasTheFdsAtTheChosenNumbers() throws Exception {
        ChildRun run = shell(AT_3_AND_4, "cat <&4; cat <&3");
        assertEquals("secondfirst", run.output());
    }

    @Test
    void commandHasCrossedFdsAtEachOthersNumbers() throws Exception {
        ChildRun run = shell(CROSSED, "cat /proc/self/fd/$0; cat /proc/self/fd/$1");
        assertEquals("secondfirst", run.output());
    }

    @Test
    void commandHasNoOtherFds() throws Exception {
        ChildRun run = become(NO_MASK, AT_3_AND_4, "/bin/ls", "/proc/self/fd");
        // Descriptor 5 is the directory that is being listed.
        assertEquals("0\n1\n2\n3\n4\n5\n", run.output());
    }

    @Test
    void exitStatusIsTheCommands() throws Exception {
        ChildRun run = shell(AT_3_AND_4, "exit 37");
        assertEquals(37, run.exitStatus());
    }

    @Test
    void commandHasThePidOfTheJvm() throws Exception {
        ChildRun run = shell(AT_3_AND_4, "echo $$");
        assertEquals(run.pid() + "\n", run.output());
    }

    @Test
    void commandBlocksTheSignalsOfItsMask() throws Exception {
        ChildRun run = become("4200", AT_3_AND_4, "/bin/grep", "SigBlk", "/proc/self/status");
        assertEquals("SigBlk:\t0000000000004200\n", run.output());
    }

    @Test
    void commandBlocksRealTimeSignalsOfItsMask() throws Exception {
        ChildRun run = become("c000000200000001", AT_3_AND_4, "/bin/grep", "SigBlk", "/proc/self/status");
        assertEquals("SigBlk:\tc000000200000001\n", run.output());
    }

    private static ChildRun shell(String handOver, String script) throws Exception {
        return become(NO_MASK, handOver, "/bin/sh", "-c", script);
    }

    private static ChildRun become(String... arguments) throws Exception {
        return TestJvm.run(List.of(), BecomeCommand.class, arguments);
    }
}
