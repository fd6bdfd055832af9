// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.ChildRun;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherCallTest {

    @TempDir
    Path directory;

    /** Calls that this machine's headers are too old for, or that its architecture has not, are left out. */
    @Test
    void numbersAreThoseOfTheKernelsHeader() throws Exception {
        String known = Stream.of(OtherCall.values())
                .map(call -> "#ifdef SYS_" + call + "\nprintf(\"" + call + " %d\\n\", SYS_" + call + ");\n#endif\n")
                .collect(Collectors.joining());
        Path program = CCode.program(
                directory, "#include <stdio.h>\n#include <sys/syscall.h>\nint main(void) {\n" + known + "return 0; }\n");
        List<String> printed = ChildRun.of(List.of(program.toString())).output().lines().toList();
        assertTrue(printed.size() > 30, printed.toString());
        for (String line : printed) {
            OtherCall call = OtherCall.of(Integer.parseInt(line.split(" ")[1]));
            assertEquals(line, call + " " + (call == null ? -1 : call.number()));
        }
    }
}
