// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code standpipe show}. */
@Command(
        name = "show",
        description = "Shows what an image holds: processes, descriptors, pipes and how full they are.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  standpipe show app.ckpt",
            "  standpipe show --json app.ckpt",
            "  standpipe show --records app.ckpt"
        })
final class ShowCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--records", description = "The list of the image's records instead.")
    private boolean records;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image; - is standard input.")
    private Path image;

    @Override
    public Integer call() throws StandpipeException {
        PrintWriter out = spec.commandLine().getOut();
        Restore restore = StandardStreams.restoreFrom(image);
        if (records && json) {
            ImageJson.writeRecords(restore.records(), out);
        } else if (records) {
            listRecords(restore, out);
        } else if (json) {
            ImageJson.write(restore.check(), out);
        } else {
            ImageText.write(restore.check(), image, out);
        }
        return ExitCode.DONE;
    }

    private static void listRecords(Restore restore, PrintWriter out) throws StandpipeException {
        for (Image.RecordEntry entry : restore.records()) {
            out.printf("%12d  %-10s %10d%n", entry.offsetBytes(), entry.name(), entry.lengthBytes());
        }
    }
}
