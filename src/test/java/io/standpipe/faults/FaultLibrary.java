// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** faults.c, compiled, and JVMs that have it preloaded. */
final class FaultLibrary {

    private static final int PATIENCE_MINUTES = Boolean.getBoolean("standpipe.faults.all") ? 240 : 30;

    /** What has little memory is forked quickly. */
    private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx96m");

    /** Runs a program in a PID namespace of its own. */
    private static final List<String> NAMESPACE =
            List.of("unshare", Host.isRoot() ? "-pf" : "-Urpf", "--mount-proc", "--kill-child", "env");

    private FaultLibrary() {}

    /**
     * Has every operation of the driver fail: those that list pipes, which watch them for a while each time, or all others. Lists see no
     * processes but their own, since they have copies of all ends for a moment, which other tests would take for holders.
     */
    static ChildRun runAll(Path folder, boolean lists) throws IOException, InterruptedException {
        return run(
                lists ? NAMESPACE : List.of(),
                folder,
                List.of(
                        "-D" + FaultDriver.LISTS_ONLY + "=" + lists,
                        "-Dstandpipe.faults.all=" + Boolean.getBoolean("standpipe.faults.all"),
                        "-Dstandpipe.thorough=" + (Thorough.isWanted() && !lists)),
                FaultDriver.class);
    }

    /** Runs a program in a JVM that has the library preloaded; its first argument is the directory. */
    static ChildRun run(Path folder, List<String> jvmOptions, Class<?> program)
            throws IOException, InterruptedException {
        return run(List.of(), folder, jvmOptions, program);
    }

    /** Runs a program that counts calls, in a PID namespace of its own if this user may make one: other processes cost calls. */
    static ChildRun runAlone(Path folder, Class<?> program) throws IOException, InterruptedException {
        boolean possible = ChildRun.works(NAMESPACE.toArray(new String[0]));
        // Container support has the JVM open files now and then, between fds that are to follow one another.
        return run(possible ? NAMESPACE : List.of(), folder, List.of("-XX:-UseContainerSupport"), program);
    }

    private static ChildRun run(List<String> wrapper, Path folder, List<String> jvmOptions, Class<?> program)
            throws IOException, InterruptedException {
        Path library = CCode.library(folder, FaultLibrary.class, "faults.c");
        Path control = FaultControl.createFile(folder);
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of("env", "LD_PRELOAD=" + library, FaultControl.VARIABLE + "=" + control));
        List<String> options = new ArrayList<>(SMALL);
        options.addAll(jvmOptions);
        command.addAll(TestJvm.command(options, program, folder.toString()));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("still running: " + command);
            }
        } finally {
            process.destroyForcibly();
        }
        return new ChildRun(command, process.pid(), process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
