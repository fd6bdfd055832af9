// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** standpipe checkpoint. */
@Command(
        name = "checkpoint",
        description = "Saves the pipes of a running process to an image, without consuming a byte.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  standpipe checkpoint --pid 4711 --output app.ckpt",
            "  standpipe checkpoint --pid 4711 --fd 0,5 --output app.ckpt"
        })
final class CheckpointCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--pid", required = true, paramLabel = "PID", description = "The process whose pipes are saved.")
    private int pid;

    @Option(
            names = "--fd",
            split = ",",
            paramLabel = "N",
            description = "Only these descriptors; each must be a pipe. Default: all that are.")
    private int[] descriptors;

    @Option(
            names = "--strict",
            description = "Refuse if another process holds an end of one of the pipes too. Default: the image tells of it.")
    private boolean strict;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The image; appears when it is whole and durable, with mode 0600.")
    private Path output;

    @Override
    public Integer call() throws StandpipeException {
        Checkpoint checkpoint =
                descriptors == null ? Checkpoint.ofProcess(pid) : Checkpoint.ofProcess(pid, descriptors);
        CheckpointReport report =
                (strict ? checkpoint.strict() : checkpoint.lookingForOthers()).writeTo(output);
        spec.commandLine()
                .getErr()
                .printf(
                        "standpipe: saved %s with %,d bytes in flight, behind %s of process %d, to %s (%s)%n",
                        Sizes.count(report.pipes(), "pipe"), report.payloadBytes(),
                        Sizes.count(report.descriptors(), "descriptor"), report.pids().get(0), output,
                        Sizes.bytes(report.imageBytes()));
        return ExitStatus.DONE;
    }
}
