// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import static io.standpipe.fuzz.ImageOracle.require;

import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.cli.criu.CriuDump;
import io.standpipe.cli.criu.DumpFiles;
import io.standpipe.cli.criu.DumpedContents;
import io.standpipe.cli.criu.DumpedImage;
import io.standpipe.internal.checkpoint.DumpedPipes;
import io.standpipe.internal.checkpoint.ImageTarget;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.WatchedFds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What must be true of any directory that is taken for a dump of CRIU: it is accepted, or refused in one line; what is accepted can
 * be shown, and makes an image that is accepted, with the same descriptors and as many bytes.
 */
final class DumpOracle implements AutoCloseable {

    private final Path directory = Files.createTempDirectory("standpipe-fuzz");
    private final Path dump = Files.createDirectory(directory.resolve("dump"));
    private final Path image = directory.resolve("image");
    private final WatchedFds open = new WatchedFds();
    private long accepted;

    DumpOracle() throws IOException {}

    /** How many dumps were accepted. */
    long accepted() {
        return accepted;
    }

    void examine(byte[] input) throws IOException {
        PackedDump.unpack(input, dump);
        CriuDump found = read();
        if (found != null) {
            accept(found);
            accepted++;
        }
        String difference = open.difference();
        require(difference == null, difference);
    }

    /** Returns null if the dump is refused. */
    private CriuDump read() throws IOException {
        try {
            return CriuDump.in(dump);
        } catch (ImageRefusedException e) {
            ShownText.requirePlain(e.getMessage());
            require(e.getMessage().startsWith(dump.toString()) || e.getMessage().startsWith("image " + dump), e.getMessage());
        } catch (StandpipeException e) {
            require(Files.notExists(dump.resolve(CriuDump.INVENTORY)), e.getMessage());
        }
        return null;
    }

    private void accept(CriuDump found) throws IOException {
        ShownText.ofDump(dump);
        Image imported = DumpedImage.imported(found);
        CheckpointReport report = written(found, imported);
        Image read = Restore.from(image).check();
        require(read.processes().equals(imported.processes()), "another image was read than " + imported.processes());
        require(payloadBytes(read) == report.payloadBytes() && payloadBytes(read) == payloadBytes(imported), "other bytes than reported");
        Files.delete(image);
    }

    /** Writes through a descriptor: to make a file durable would take most of the time. */
    private CheckpointReport written(CriuDump found, Image imported) throws IOException {
        try (DumpedContents contents = new DumpedContents(found, imported);
                Fd file = FileCalls.open(
                        FileCalls.CURRENT_DIRECTORY, image.toString(), Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, 0600)) {
            return new DumpedPipes(imported.origin(), contents, List.of()).writeTo(ImageTarget.descriptor(file.number()));
        }
    }

    private static long payloadBytes(Image image) {
        return image.pipes().values().stream().mapToLong(Image.Pipe::payloadBytes).sum();
    }

    @Override
    public void close() throws IOException {
        DumpFiles.delete(directory);
    }
}
