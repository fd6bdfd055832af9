// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** standpipe restore. */
@Command(
        name = "restore",
        description = {
            "Becomes a command that has the saved descriptors at their old numbers.",
            "Ends of the saved pipes that were held by nobody in the image are closed: where the writer is gone, the"
                    + " command reads what was in flight and then sees the end."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  standpipe restore app.ckpt -- cat",
            "  standpipe restore app.ckpt -- consumer --flag"
        })
final class RestoreCommand implements Callable<Integer> {

    @Option(
            names = "--copy",
            description = "Copy the payload: then the image may be written to while the pipes are in use.")
    private boolean copy;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
    private Path image;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command;

    @Override
    public Integer call() throws IOException {
        Set<Integer> inherited = InheritedDescriptors.find();
        Restore restore = Restore.from(image);
        (copy ? restore.copying() : restore).exec(command, inherited);
        throw new IllegalStateException("exec came back without a failure");
    }
}
