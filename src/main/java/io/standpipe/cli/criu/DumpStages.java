// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.StandpipeException;
import io.standpipe.internal.exec.MemoryProgram;
import io.standpipe.internal.jni.NativePrograms;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes a dump by CRIU wait for this process at its stages: an action script, and a plugin where packet mode is to be off. Both
 * write a stage's name to one pipe and read the answer from another, which they find below /proc. If this process is killed, these
 * paths lead nowhere: then the dump fails, and the processes go on.
 */
final class DumpStages implements AutoCloseable {

    /** Once all are frozen, before anything is dumped; with the plugin only. */
    static final String FROZEN = "frozen";

    /** Once all is dumped; they are still frozen. If the answer is no, the dump fails. */
    static final String DUMPED = "post-dump";

    /** CRIU has ended, this process says itself. */
    private static final String OVER = "over";

    private static final String SCRIPT = """
            #!/bin/sh
            # CRIU runs this at each stage of a dump.
            [ "$CRTOOLS_SCRIPT_ACTION" = post-dump ] || exit 0
            echo post-dump >"$STANDPIPE_STAGES" && read -r answer <"$STANDPIPE_ANSWERS" && exit "$answer"
            exit 1
            """;

    /** A signal for the process group, such as Ctrl-C sends, is not to kill CRIU: the processes would be left with CRIU's code in them. */
    private static final List<String> SPARED = List.of("/bin/sh", "-c", "trap '' HUP INT QUIT TERM; exec \"$@\"", "sh");

    private static final String PLUGIN = "standpipe.so";
    private static final String PACKETS = "packets";

    private final PipeEnds stages;
    private final PipeEnds answers;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private @Nullable Path plugins;
    private @Nullable Process criu;

    private DumpStages(PipeEnds stages, PipeEnds answers) {
        this.stages = stages;
        this.answers = answers;
    }

    /** What is done at a stage. */
    interface Handler {

        /** Returns whether the dump is to go on. */
        boolean reached(String stage);
    }

    static DumpStages open() throws StandpipeException {
        try {
            PipeEnds stages = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            try {
                return new DumpStages(stages, Pipes.pipe2(PipeFlags.O_CLOEXEC));
            } catch (IOException e) {
                stages.close();
                throw e;
            }
        } catch (IOException e) {
            throw Failures.of("the pipes for an action script of CRIU", e);
        }
    }

    /** Returns the path of the action script. */
    String script() throws StandpipeException {
        try {
            MemoryProgram script = MemoryProgram.of("standpipe-criu", SCRIPT.getBytes(StandardCharsets.US_ASCII));
            opened.add(script);
            return script.path();
        } catch (IOException e) {
            throw Failures.of("the action script for CRIU", e);
        }
    }

    /**
     * Returns the directory of the plugin, in which the user's others are too.
     *
     * @param others the directory of other plugins; it may be missing
     */
    synchronized Path plugins(Path others) throws StandpipeException {
        try {
            MemoryProgram plugin = MemoryProgram.of("standpipe-criu.so", NativePrograms.criuPlugin());
            opened.add(plugin);
            Path directory = Files.createTempDirectory("standpipe-criu");
            plugins = directory;
            Files.createSymbolicLink(directory.resolve(PLUGIN), Path.of(plugin.path()));
            if (Files.isDirectory(others)) {
                try (DirectoryStream<Path> libraries = Files.newDirectoryStream(others, "*.so")) {
                    for (Path library : libraries) {
                        Path link = directory.resolve(library.getFileName());
                        if (!link.endsWith(PLUGIN)) {
                            Files.createSymbolicLink(link, library.toAbsolutePath());
                        }
                    }
                }
            }
            return directory;
        } catch (IOException e) {
            throw Failures.of("the plugin for CRIU", e);
        }
    }

    /** Has the plugin clear O_DIRECT of fds once it is answered, and set it again before their processes run. */
    synchronized void clearPacketMode(List<TreePipes.Holder> holders) throws StandpipeException {
        Path file = Objects.requireNonNull(plugins, "the plugin takes part").resolve(PACKETS);
        try {
            Files.write(file, holders.stream().map(holder -> holder.pid() + " " + holder.fd()).toList());
        } catch (IOException e) {
            throw new StandpipeException(file + ": " + Reasons.of(e), e);
        }
    }

    /** Starts CRIU, and answers until it has ended. Returns its exit status. */
    int run(List<String> command, Handler handler) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(SPARED);
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
        Map<String, String> environment = builder.environment();
        environment.put("STANDPIPE_STAGES", path(stages.readFd()));
        environment.put("STANDPIPE_ANSWERS", path(answers.readFd()));
        if (plugins != null) {
            environment.put("STANDPIPE_PACKETS", plugins.resolve(PACKETS).toString());
        }
        try (BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new FileInputStream(path(stages.readFd())), StandardCharsets.US_ASCII));
                OutputStream answer = new FileOutputStream(path(answers.writeFd()));
                OutputStream over = new FileOutputStream(path(stages.writeFd()))) {
            Process started = start(builder);
            Thread end = new Thread(() -> tellEnd(started, over), "standpipe-criu-end");
            end.start();
            for (String line = lines.readLine(); line != null && !line.endsWith(OVER); line = lines.readLine()) {
                answer.write((handler.reached(line) ? "0\n" : "1\n").getBytes(StandardCharsets.US_ASCII));
            }
            end.join();
            return started.waitFor();
        }
    }

    private synchronized Process start(ProcessBuilder builder) throws IOException {
        Process started = builder.start();
        criu = started;
        return started;
    }

    /** Waits until CRIU has ended, if it has been started. Returns its exit status, or -1. */
    int awaitCriu() {
        Process started;
        synchronized (this) {
            started = criu;
        }
        try {
            return started == null ? -1 : started.waitFor();
        } catch (InterruptedException e) {
            return -1;
        }
    }

    private static void tellEnd(Process criu, OutputStream over) {
        try {
            criu.waitFor();
            over.write((OVER + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the end of criu cannot be reported", e);
        }
    }

    private static String path(int fd) {
        return "/proc/" + ProcessCalls.pid() + "/fd/" + fd;
    }

    @Override
    public void close() {
        stages.close();
        answers.close();
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        removePlugins();
    }

    /** Removes the directory of plugins. May be called by a thread that ends this process while another one waits for CRIU. */
    synchronized void removePlugins() {
        Path directory = plugins;
        if (directory == null) {
            return;
        }
        plugins = null;
        try (DirectoryStream<Path> links = Files.newDirectoryStream(directory)) {
            for (Path link : links) {
                Files.delete(link);
            }
            Files.delete(directory);
        } catch (IOException e) {
            System.getLogger(DumpStages.class.getName()).log(System.Logger.Level.WARNING, "left behind: " + directory, e);
        }
    }
}
