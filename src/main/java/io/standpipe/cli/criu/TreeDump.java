// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.CheckpointReport;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A dump by CRIU, with the pipes beside it. CRIU freezes the processes, and Standpipe saves what is in their pipes in the same
 * moment, after CRIU's last image: while nobody runs the pipes do not change, so one instant is saved, and there is one tracer.
 */
public final class TreeDump {

    private static final String DEFAULT_PLUGINS = "/usr/lib/criu";

    private final int root;
    private final Path directory;
    private final Consumer<String> notes;
    private final PacketMode packetMode = new PacketMode();
    private @Nullable CheckpointReport report;
    private @Nullable Exception failure;
    private volatile boolean interrupted;
    private Duration capturing = Duration.ZERO;
    private boolean dumped;

    /**
     * @param directory of the images, which exists
     * @param notes is given what is to be known if a signal ends this process meanwhile
     */
    public TreeDump(int root, Path directory, Consumer<String> notes) {
        this.root = root;
        this.directory = directory;
        this.notes = notes;
    }

    /**
     * Dumps the processes. Whatever fails, they are in packet mode where they were, before they run on.
     *
     * @param options for CRIU
     * @return CRIU's exit status
     * @throws StandpipeException if the pipes could not be saved: then CRIU's dump has failed, too, and the processes go on
     * @throws UnavailableException if CRIU cannot dump these pipes; it was not started then
     */
    public int run(CriuProgram criu, List<String> options) throws IOException, InterruptedException {
        TreePipes pipes = TreePipes.of(root);
        pipes.check();
        boolean packets = !pipes.packets().isEmpty();
        if (packets && !criu.hasHookForFrozen()) {
            TreePipes.Holder first = pipes.packets().get(0);
            throw new UnavailableException("descriptor " + first.fd() + " of process " + first.pid() + " is of a pipe in packet mode"
                    + " (O_DIRECT), which can be dumped with CRIU 4.0 or later; " + criu.path() + " is " + criu.version());
        }
        rehearse(pipes);
        try (DumpStages stages = DumpStages.open(); AtExit atExit = new AtExit(() -> interrupt(stages))) {
            atExit.start();
            CriuOptions given = CriuOptions.of(options);
            List<String> command = new ArrayList<>(List.of(criu.path(), "dump"));
            if (packets) {
                command.addAll(given.without("--libdir"));
                Path others = Path.of(given.value("--libdir", System.getenv().getOrDefault("CRIU_LIBS_DIR", DEFAULT_PLUGINS)));
                command.addAll(List.of("--libdir", stages.plugins(others).toString()));
            } else {
                command.addAll(options);
            }
            command.addAll(List.of(
                    "--tree", Integer.toString(root), "--images-dir", directory.toString(), "--action-script", stages.script()));
            int status = stages.run(command, stage -> reached(stage, stages));
            if (interrupted) {
                atExit.awaitEnd();
            }
            throwFailure();
            if (status == 0 && !dumped) {
                throw new StandpipeException(criu.path() + " has ended with 0, and has not come to the stage " + DumpStages.DUMPED
                        + ": nothing was dumped, or not with its pipes");
            }
            return status;
        } finally {
            packetMode.turnOn();
        }
    }

    /** Ends the dump as one that has failed: CRIU, if it were killed, would leave the processes with its own code in them. */
    private void interrupt(DumpStages stages) {
        interrupted = true;
        notes.accept("interrupted: CRIU fails at its next stage, and lets the processes go on");
        int status = stages.awaitCriu();
        packetMode.turnOn();
        stages.removePlugins();
        notes.accept(status == 0 ? "the dump was complete already" : "the processes go on as before");
    }

    /** Does once, while the processes run, what is to be quick when they are frozen: a new JVM is ten times slower the first time. */
    private void rehearse(TreePipes pipes) {
        if (pipes.any()) {
            try (Fd nowhere = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_WRONLY, 0)) {
                TreeCapture.checkpoint(root).streamTo(nowhere.number());
            } catch (IOException e) {
                // They may have changed meanwhile. What does not pass is said when it counts.
            }
        }
    }

    private void throwFailure() throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    private boolean reached(String stage, DumpStages stages) {
        if (interrupted) {
            return false;
        }
        try {
            switch (stage) {
                case DumpStages.FROZEN -> stages.clearPacketMode(packetMode.copy(root));
                case DumpStages.DUMPED -> capture();
                default -> throw new IllegalStateException("CRIU has come to '" + stage + "'");
            }
            return true;
        } catch (IOException | RuntimeException e) {
            failure = e;
            return false;
        }
    }

    private void capture() throws StandpipeException {
        long begin = System.nanoTime();
        packetMode.turnOn();
        report = TreeCapture.capture(root, directory);
        capturing = Duration.ofNanos(System.nanoTime() - begin);
        dumped = true;
    }

    /** Returns what was saved; null if there are no pipes, or the dump failed before. */
    public @Nullable CheckpointReport report() {
        return report;
    }

    /** Returns for how much longer than by CRIU alone the processes were frozen. */
    public Duration capturing() {
        return capturing;
    }
}
