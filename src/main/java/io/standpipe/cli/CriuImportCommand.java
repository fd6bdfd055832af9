// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.cli.criu.CriuDump;
import io.standpipe.cli.criu.DumpedContents;
import io.standpipe.cli.criu.DumpedImage;
import io.standpipe.cli.criu.UnsavedPipes;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.Value;
import io.standpipe.internal.checkpoint.DumpedPipes;
import java.io.IOException;
import java.nio.file.Path;

/** {@code standpipe criu import}. */
final class CriuImportCommand extends Subcommand {

    private final Value<ImagePlace> output = syntax.option(
            "-o, --output", "FILE", ImagePlace.Form.ANY,
            "The image; appears when it is whole and durable, with mode 0600. s3://BUCKET/KEY is an object of an S3 store; - is standard"
                    + " output.").required();

    private final Flag json = syntax.flag(
            "--json",
            "Report as JSON, which docs/checkpoint.schema.json describes: on standard output, or where the image goes there, on"
                    + " standard error.");

    private final Value<Path> directory = syntax.operand("DIR", PathKind.DIRECTORY, "The directory with CRIU's images.").required();

    CriuImportCommand() {
        super(
                "standpipe criu import",
                "Makes an image of the pipes that are in a dump of CRIU, to be shown, extracted from and restored like any other.",
                "What CRIU does not save is as in a pipe that its process has just made and written to: packets and many small writes are"
                        + " one run of bytes; the pipe belongs to its process's user, with mode 0600. A pipe that no dumped process could read"
                        + " has lost its bytes and its capacity.");
        syntax.examples("standpipe criu import dump --output app.ckpt", "standpipe criu import dump --output - | standpipe show -");
    }

    @Override
    boolean losesWhatIsNotRead() {
        return true;
    }

    @Override
    int run() throws IOException {
        ImagePlace place = output.get();
        CriuDump dump = CriuDump.in(directory.get());
        Image image = DumpedImage.imported(dump);
        try (DumpedContents contents = new DumpedContents(dump, image)) {
            DumpedPipes pipes = new DumpedPipes(image.origin(), contents, UnsavedPipes.notes(dump));
            CheckpointReport report = pipes.writeTo(place.target());
            if (json.isGiven()) {
                JsonDocument.print(place.isStream() ? output().err() : out(), ReportJson.of(report, place.name()));
            } else {
                print(report);
            }
        }
        return ExitCode.DONE;
    }

    private void print(CheckpointReport report) {
        note(String.format(
                "imported %s with %s bytes in flight, behind %s of %s, from %s to %s (%s)",
                Sizes.count(report.pipes(), "pipe"), Sizes.grouped(report.payloadBytes()),
                Sizes.count(report.descriptors(), "descriptor"), CriuCommand.processes(report),
                directory.get(), output.get().isStream() ? "standard output" : output.get(), Sizes.bytes(report.imageBytes())));
        report.notes().forEach(this::message);
    }
}
