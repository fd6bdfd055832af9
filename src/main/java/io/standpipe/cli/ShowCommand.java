// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code standpipe show}. */
@Command(
        name = "show",
        description = "Shows what an image holds: processes, descriptors, pipes and how full they are.",
        footer = {"", "Examples:",
            "  standpipe show app.ckpt",
            "  standpipe show --json app.ckpt",
            "  standpipe show --records app.ckpt"})
final class ShowCommand extends Subcommand {

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--records", description = "The list of the image's records instead.")
    private boolean records;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image; - is standard input.")
    private Path image;

    @Override
    public Integer call() throws StandpipeException {
        Restore restore = restoreFrom(image);
        if (records && json) {
            ImageJson.writeRecords(restore.records(), out());
        } else if (records) {
            for (Image.RecordEntry entry : restore.records()) {
                out().printf("%12d  %-10s %10d%n", entry.offsetBytes(), entry.name(), entry.lengthBytes());
            }
        } else if (json) {
            ImageJson.write(restore.check(), out());
        } else {
            ImageText.write(restore.check(), image, out());
        }
        return ExitCode.DONE;
    }
}
