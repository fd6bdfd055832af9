// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.ImageChoiceException;
import io.standpipe.StandpipeException;
import io.standpipe.cli.criu.CriuDump;
import io.standpipe.cli.criu.DumpedContents;
import io.standpipe.cli.criu.DumpedImage;
import io.standpipe.internal.pipes.FdSink;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends what was queued in a pipe of a dump of CRIU to standard output, by splice. */
final class DumpExtract {

    private DumpExtract() {}

    /** @param number of the pipe's inode, to be read without a sign; null for the only pipe */
    static void send(Path directory, @Nullable Integer number) throws StandpipeException {
        CriuDump dump = CriuDump.in(directory);
        Image image = DumpedImage.shown(dump);
        Image.Pipe pipe = choose(directory, image, number);
        if (ImageText.isUnknown(pipe)) {
            throw new StandpipeException(directory + ": pipe " + name(pipe) + ": CRIU did not save what was queued there, since no dumped"
                    + " process could read it");
        }
        Subcommand.requireNoTerminal();
        try (DumpedContents contents = new DumpedContents(dump, image); FdSink sink = new FdSink(Subcommand.STANDARD_OUTPUT)) {
            contents.begin(pipe);
            contents.send(pipe.payloadOffsetBytes(), pipe.payloadBytes(), sink);
        }
    }

    private static Image.Pipe choose(Path directory, Image image, @Nullable Integer number) throws ImageChoiceException {
        List<Image.Pipe> pipes = List.copyOf(image.pipes().values());
        Image.Pipe chosen = number != null ? image.pipes().get(number) : pipes.size() == 1 ? pipes.get(0) : null;
        if (chosen == null) {
            throw new ImageChoiceException(directory + ": "
                    + (number == null ? "holds " + pipes.size() + " pipes, expected 1" : "holds no pipe " + Integer.toUnsignedString(number))
                    + (pipes.isEmpty() ? "" : "; choose one of " + pipes.stream().map(DumpExtract::name).toList() + " with --pipe"));
        }
        return chosen;
    }

    private static String name(Image.Pipe pipe) {
        return Integer.toUnsignedString(pipe.objref());
    }
}
