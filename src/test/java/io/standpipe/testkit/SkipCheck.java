// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** toolchain/kernels/CheckSkips.java, which compares results of tests with a list of allowed skips. */
public final class SkipCheck {

    /** The list of what may be skipped. */
    public static final Path LIST = Path.of("toolchain/kernels/skips.tsv");

    private static final Path PROGRAM = Path.of("toolchain/kernels/CheckSkips.java");

    private final Path classes;

    private SkipCheck(Path classes) {
        this.classes = classes;
    }

    /** Compiles the program, which takes longer than running it. */
    public static SkipCheck compiledTo(Path classes) {
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), PROGRAM.toString()));
        return new SkipCheck(classes);
    }

    /** Compares a result of this machine with the list, with further tags. */
    public ChildRun compare(List<String> tags, Path result) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        if (!tags.isEmpty()) {
            arguments.addAll(List.of("--where", String.join(",", tags)));
        }
        arguments.addAll(List.of(LIST.toString(), result.toString()));
        return run(arguments);
    }

    /** Runs the program with arguments as they are. */
    public ChildRun run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(TestJvm.shortLived());
        command.addAll(List.of("-cp", classes.toString(), "CheckSkips"));
        command.addAll(arguments);
        return ChildRun.of(command);
    }
}
