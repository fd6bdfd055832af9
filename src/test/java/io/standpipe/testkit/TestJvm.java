// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs main classes in child JVMs, with the class path of this JVM. */
public final class TestJvm {

    /** For JVMs that end too soon for compiled code to pay. */
    private static final List<String> SHORT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private TestJvm() {}

    /** Runs the main class to its end. */
    public static ChildRun run(List<String> jvmOptions, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), jvmOptions, program, arguments);
    }

    /** Runs the main class to its end with a limit on fds. */
    public static ChildRun runWithDescriptors(int limit, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return runWithDescriptors(limit, List.of(), program, arguments);
    }

    /** Runs the main class to its end with a limit on fds, which the JVM is told not to raise. */
    public static ChildRun runWithDescriptors(
            int limit, List<String> jvmOptions, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> shell = List.of("sh", "-c", "ulimit -n " + limit + "; exec \"$@\"", "sh");
        List<String> options = new ArrayList<>(jvmOptions);
        options.add("-XX:-MaxFDLimit");
        return run(shell, options, program, arguments);
    }

    /** Runs the main class to its end through another program, the beginning of whose command line is given. */
    public static ChildRun runThrough(List<String> wrapper, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return run(wrapper, List.of(), program, arguments);
    }

    /** Starts the main class, with pipes at fds 0, 1 and 2. */
    public static TestProcess start(Class<?> program, String... arguments) throws IOException {
        return TestProcess.of(command(program, arguments));
    }

    /** Returns the command line that runs the main class. */
    public static List<String> command(Class<?> program, String... arguments) {
        return command(List.of(), List.of(), program, arguments);
    }

    /** Returns the command line that runs the main class with options of the JVM. */
    public static List<String> command(List<String> jvmOptions, Class<?> program, String... arguments) {
        return command(List.of(), jvmOptions, program, arguments);
    }

    /** Returns the beginning of a command line: this JDK's launcher and the flags that every child JVM gets. */
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

    /** Returns flags for a fast start, or none in the profile {@code thorough}. */
    public static List<String> shortLived() {
        return Thorough.isWanted() ? List.of() : SHORT;
    }

    private static List<String> command(
            List<String> wrapper, List<String> jvmOptions, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(java());
        command.addAll(jvmOptions);
        if (!jvmOptions.contains("-cp")) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        }
        command.add(program.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static ChildRun run(List<String> wrapper, List<String> jvmOptions, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return ChildRun.of(command(wrapper, jvmOptions, program, arguments));
    }
}
