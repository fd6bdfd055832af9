// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTextTest {

    @Test
    void everythingThatIsDeclaredIsShownWithinAHundredColumns() {
        Syntax syntax = new Syntax("standpipe try", "Tries.", "word ".repeat(25).strip());
        syntax.flag("--json", "As JSON.");
        syntax.option("-o, --output", "FILE", PathKind.FILE, "long ".repeat(25).strip()).required();
        Value<Integer> pid = syntax.option("--pid", "PID", NumberKind.PID, "Processes.").list();
        Value<Integer> tree = syntax.option("--tree", "PID", NumberKind.PID, "A tree.");
        syntax.option("--watch-for-as-long-as-it-takes", "N", NumberKind.ANY, "Again.").ifBare("2");
        syntax.exactlyOne(pid, tree);
        syntax.operand("FILE", PathKind.FILE, "The image.").required();
        syntax.operand("COMMAND", TextKind.COMMAND, "The command.").repeated();
        syntax.exitStatus("0", "Done.");
        syntax.exitStatus("125", "Failed.");
        syntax.examples("standpipe try app.ckpt");
        assertEquals("""
                Usage: standpipe try [-hV] [--json] --output=FILE [--watch-for-as-long-as-it-takes[=N]]
                                     (--pid=PID[,PID...]... | --tree=PID) FILE [COMMAND...]
                Tries.
                word word word word word word word word word word word word word word word word word word word word
                word word word word word
                      FILE                 The image.
                      [COMMAND...]         The command.
                  -h, --help               Show this help message and exit.
                      --json               As JSON.
                  -o, --output=FILE        long long long long long long long long long long long long long long
                                             long long long long long long long long long long long
                      --pid=PID[,PID...]   Processes.
                      --tree=PID           A tree.
                  -V, --version            Print version information and exit.
                      --watch-for-as-long-as-it-takes[=N]
                                           Again.

                Exit status:
                  0     Done.
                  125   Failed.

                Example:
                  standpipe try app.ckpt
                """, HelpText.of(syntax, List.of()));
    }
}
