// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs diagnostic commands in other JVMs, with the JDK's own tool. */
public final class Jcmd {

    private static final String SECONDS = "30";

    private Jcmd() {}

    /** Returns what the command prints; throws an AssertionError if the JVM does not carry it out within 30 seconds. */
    public static String run(long pid, String command) throws IOException, InterruptedException {
        ChildRun run = ChildRun.of(List.of(
                "timeout", "-s", "KILL", SECONDS, Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", Long.toString(pid), command));
        if (run.exitStatus() != 0) {
            throw new AssertionError(run.toString());
        }
        return run.output();
    }

    /**
     * Returns how many class loaders the JVM has after a collection, those aside that the JDK makes for each method that is called
     * often by reflection.
     */
    public static long classLoaders(long pid) throws IOException, InterruptedException {
        run(pid, "GC.run");
        return run(pid, "VM.classloader_stats").lines()
                .filter(line -> line.startsWith("0x") && !line.contains("DelegatingClassLoader"))
                .count();
    }
}
