// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.Value;
import java.io.IOException;
import java.nio.file.Path;

/** {@code standpipe show}. */
final class ShowCommand extends Subcommand {

    private final Flag json = syntax.flag("--json", "As JSON.");

    private final Flag records = syntax.flag("--records", "The list of the image's records instead.");

    private final Value<ImagePlace> image = syntax.operand("FILE", ImagePlace.Form.OR_DUMP, ImagePlace.OR_DUMP_HELP).required();

    ShowCommand() {
        super("standpipe show", "Shows what an image holds: processes, descriptors, pipes and how full they are.",
                "Of a dump of CRIU it shows the same, as far as CRIU saves it, and which pipes that does not save.");
        syntax.examples("standpipe show app.ckpt", "standpipe show --json app.ckpt", "standpipe show --records app.ckpt",
                "standpipe show criu-dump");
    }

    @Override
    int run() throws IOException {
        ImageNotOverwritten.check(image.get());
        Path dump = image.get().dump();
        if (dump != null) {
            require(!records.isGiven(), "--records: " + dump + " is a dump of CRIU, which has no records of an image; leave it out");
            DumpShown.print(dump, json.isGiven(), out());
            return ExitCode.DONE;
        }
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
