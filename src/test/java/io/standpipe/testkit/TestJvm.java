// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java program run in a JVM of its own, with this one's class path. */
public final class TestJvm {

    /** For JVMs that end before it pays to compile much. */
    private static final List<String> SHORT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private TestJvm() {}

    /** Runs it to its end. */
    public static ChildRun run(List<String> jvmOptions, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), jvmOptions, program, arguments);
    }

    /** Runs it with a limit on descriptors, which the JVM is told not to raise. */
    public static ChildRun runWithDescriptors(int limit, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return runWithDescriptors(limit, List.of(), program, arguments);
    }

    /** The same, with options of the JVM. */
    public static ChildRun runWithDescriptors(
            int limit, List<String> jvmOptions, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> shell = List.of("sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh");
        List<String> options = new ArrayList<>(jvmOptions);
        options.add("-XX:-MaxFDLimit");
        return run(shell, options, program, arguments);
    }

    /** Starts it, with pipes as its descriptors 0, 1 and 2. */
    public static TestProcess start(Class<?> program, String... arguments) throws IOException {
        return TestProcess.of(command(program, arguments));
    }

    /** What runs it. */
    public static List<String> command(Class<?> program, String... arguments) {
        return command(List.of(), List.of(), program, arguments);
    }

    /** The same, with options for the JVM. */
    public static List<String> command(List<String> jvmOptions, Class<?> program, String... arguments) {
        return command(List.of(), jvmOptions, program, arguments);
    }

    /** This JDK's command to start a JVM, with the flags that every child has. */
    public static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(shortLived());
        String agent = System.getProperty("standpipe.test.agent", "");
        if (!agent.isEmpty()) {
            command.add(agent);
        }
        if (Runtime.version().feature() >= 21) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        return command;
    }

    /** Flags of a JVM whose defaults are not what a test is about. */
    public static List<String> shortLived() {
        return Thorough.isWanted() ? List.of() : SHORT;
    }

    private static List<String> command(
            List<String> wrapper, List<String> jvmOptions, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(java());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static ChildRun run(List<String> wrapper, List<String> jvmOptions, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return ChildRun.of(command(wrapper, jvmOptions, program, arguments));
    }
}
