// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Confinement;
import io.standpipe.testkit.Confinement.Profile;
import io.standpipe.testkit.Container;
import io.standpipe.testkit.Container.Form;
import io.standpipe.testkit.Container.Runtime;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.RandomBytes;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint and a restore by commands that run in the container, as the first process of its pid namespace starts them. */
@ExtendWith(DescriptorLeakCheck.class)
class ContainerMainJobTest {

    private static final byte[] BYTES = RandomBytes.of(30_000);

    /** Starts a pipeline of which a pipe has the bytes of file $0, and waits until it has them all. */
    private static final String PIPELINE = "mkfifo $dir/full; { cat $0; : > $dir/full; exec sleep 1000; } | sleep 1000 & pid=$!;"
            + " read -r line < $dir/full; rm $dir/full;";

    /** The same without a place that can be written: the writer has become another program when all is written. */
    private static final String PIPELINE_WITHOUT_FILE = "{ exec 3>&1; { cat $0; } & wait $!; exec sleep 1001; } | sleep 1000 & pid=$!;"
            + " until grep -q -s 1001 /proc/[0-9]*/cmdline; do sleep .01; done;";

    @TempDir
    Path directory;

    /** As with --read-only and --tmpfs /tmp, or in a rootless container, whose user 0 is not that of the host. */
    @ParameterizedTest
    @CsvSource({"UNSHARE, TMP, false, DOCKER", "UNSHARE, TMP, true, PODMAN", "UNSHARE, WRITABLE, true, DOCKER", "RUNC, TMP, false, NONE"})
    void pipelineIsSavedAndRestoredInside(Runtime runtime, Form form, boolean mapped, Profile profile) throws Exception {
        Container container = Container.in(directory, runtime, form, mapped);
        List<String> command = new ArrayList<>();
        if (runtime == Runtime.UNSHARE) {
            command.addAll(confined(container, profile));
        }
        command.addAll(List.of(
                "sh", "-c", "export dir=/tmp; " + PIPELINE + "\"$@\" check >&2; \"$@\" checkpoint --pid $pid --fd 0 -o /tmp/app.ckpt"
                        + " && \"$@\" restore /tmp/app.ckpt -- cat; result=$?; ls /tmp >&2; exit $result",
                container.copy(Files.write(directory.resolve("content"), BYTES))));
        command.addAll(java(container, null));
        CommandRun run = CommandRun.program(container.command(command.toArray(new String[0])));
        assertEquals(0, run.exitStatus, run.err);
        assertArrayEquals(BYTES, run.outBytes);
        assertTrue(run.err.contains("frozen for"), run.err);
        assertTrue(run.err.lines().noneMatch(line -> line.startsWith("missing")), run.err);
        assertEquals(List.of("app.ckpt"), run.err.lines().filter(line -> line.matches("[-.\\w]+")).filter(line -> !line.startsWith("hsperf")).toList());
    }

    /** The native library is in the image, and what is saved goes to standard output. */
    @Test
    void whereNothingCanBeWrittenAnImageIsSentThroughStandardOutput() throws Exception {
        Container container = Container.in(directory, Runtime.UNSHARE, Form.READ_ONLY, false);
        String library = container.copy(Path.of("target/classes/io/standpipe/internal/jni/linux-"
                + (System.getProperty("os.arch").equals("amd64") ? "x86_64" : "arm64") + "/libstandpipe.so"));
        List<String> command = confined(container, Profile.DOCKER);
        command.addAll(List.of(
                "sh", "-c", PIPELINE_WITHOUT_FILE + "\"$@\" checkpoint --pid $pid --fd 0 -o -",
                container.copy(Files.write(directory.resolve("content"), BYTES))));
        command.addAll(java(container, library));
        CommandRun run = CommandRun.program(container.command(command.toArray(new String[0])));
        assertEquals(0, run.exitStatus, run.err);
        Path image = Files.write(directory.resolve("app.ckpt"), run.outBytes);
        assertArrayEquals(BYTES, CommandRun.of("restore", image, "--", "cat").succeeded().outBytes);
    }

    private List<String> confined(Container container, Profile profile) throws Exception {
        List<String> command = Confinement.in(directory).of(profile, Confinement.USUAL | Confinement.PTRACE, 0);
        command.set(0, container.copy(Path.of(command.get(0))));
        return command;
    }

    /** Returns the command line of the command, in the container. */
    private static List<String> java(Container container, String library) throws Exception {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.matches(".*(/classes|commons-cli|gson)[^/]*/?")) {
                copies.add(container.copy(Path.of(entry)));
            }
        }
        List<String> command = CommandRun.java(String.join(File.pathSeparator, copies), Main.class.getName());
        if (library != null) {
            command.add(1, "-Dstandpipe.library.path=" + library);
        }
        return command;
    }
}
