// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.Value;
import java.io.IOException;

/** {@code standpipe show}. */
final class ShowCommand extends Subcommand {

    private final Flag json = syntax.flag("--json", "As JSON.");

    private final Flag records = syntax.flag("--records", "The list of the image's records instead.");

    private final Value<ImagePlace> image = syntax.operand("FILE", ImagePlace.Form.ANY, ImagePlace.HELP).required();

    ShowCommand() {
        super("standpipe show", "Shows what an image holds: processes, descriptors, pipes and how full they are.");
        syntax.examples("standpipe show app.ckpt", "standpipe show --json app.ckpt", "standpipe show --records app.ckpt");
    }

    @Override
    int run() throws IOException {
        ImageNotOverwritten.check(image.get());
        Restore restore = image.get().restore();
        if (records.isGiven() && json.isGiven()) {
            ImageJson.writeRecords(restore.records(), out());
        } else if (records.isGiven()) {
            for (Image.RecordEntry entry : restore.records()) {
                out().printf("%12d  %-10s %10d%n", entry.offsetBytes(), entry.name(), entry.lengthBytes());
            }
        } else if (json.isGiven()) {
            ImageJson.write(restore.check(), out());
        } else {
            ImageText.write(restore.check(), image.get().toString(), out());
        }
        return ExitCode.DONE;
    }
}
