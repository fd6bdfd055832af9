// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code standpipe extract}. */
@Command(
        name = "extract",
        description = "Writes what was queued in a saved pipe to standard output, by splice.",
        footer = {"", "Examples:",
            "  standpipe extract app.ckpt --pipe 2 > payload",
            "  standpipe extract app.ckpt | hexdump -C"})
final class ExtractCommand extends Subcommand {

    @Option(
            names = "--pipe", paramLabel = "OBJREF",
            description = "The pipe, by the number that show tells. Default: the only one.")
    private @Nullable Integer pipe;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image; - is standard input.")
    private Path image;

    @Override
    public Integer call() throws StandpipeException {
        Restore restore = restoreFrom(image);
        try (Payload payload = pipe == null ? restore.payload() : restore.payload(pipe)) {
            send(payload);
        }
        return ExitCode.DONE;
    }
}
