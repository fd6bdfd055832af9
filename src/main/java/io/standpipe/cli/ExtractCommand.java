// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.Value;
import java.io.IOException;
import java.nio.file.Path;

/** {@code standpipe extract}. */
final class ExtractCommand extends Subcommand {

    private final Value<Integer> pipe = syntax.option(
            "--pipe", "NUMBER", NumberKind.UNSIGNED,
            "The pipe, by the number that show prints; in a dump of CRIU that of its inode. Default: the only one.");

    private final Value<ImagePlace> image = syntax.operand("FILE", ImagePlace.Form.OR_DUMP, ImagePlace.OR_DUMP_HELP).required();

    ExtractCommand() {
        super("standpipe extract", "Writes what was queued in a saved pipe to standard output, by splice.");
        syntax.examples("standpipe extract app.ckpt --pipe 2 > payload", "standpipe extract app.ckpt | hexdump -C",
                "standpipe extract criu-dump --pipe 4711");
    }

    @Override
    int run() throws IOException {
        ImageNotOverwritten.check(image.get());
        Path dump = image.get().dump();
        if (dump != null) {
            DumpExtract.send(dump, pipe.orNull());
            return ExitCode.DONE;
        }
        require(pipe.orElse(0) >= 0, "--pipe: expected at most " + Integer.MAX_VALUE + " for an image");
        Restore restore = image.get().restore();
        try (Payload payload = pipe.isGiven() ? restore.payload(pipe.get()) : restore.payload()) {
            send(payload);
        }
        return ExitCode.DONE;
    }
}
