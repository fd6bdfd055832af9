// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.Value;
import java.io.IOException;

/** {@code standpipe extract}. */
final class ExtractCommand extends Subcommand {

    private final Value<Integer> pipe = syntax.option(
            "--pipe", "OBJREF", NumberKind.ANY, "The pipe, by the number that show tells. Default: the only one.");

    private final Value<ImagePlace> image = syntax.operand("FILE", ImagePlace.Form.ANY, ImagePlace.HELP).required();

    ExtractCommand() {
        super("standpipe extract", "Writes what was queued in a saved pipe to standard output, by splice.");
        syntax.examples("standpipe extract app.ckpt --pipe 2 > payload", "standpipe extract app.ckpt | hexdump -C");
    }

    @Override
    int run() throws IOException {
        ImageNotOverwritten.check(image.get());
        Restore restore = image.get().restore();
        try (Payload payload = pipe.isGiven() ? restore.payload(pipe.get()) : restore.payload()) {
            send(payload);
        }
        return ExitCode.DONE;
    }
}
