// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;


import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.RestoredProcesses;
import io.standpipe.StandpipeException;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.PipeIo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Restores an accepted image for good, its FIFOs below a folder, and compares what comes out of the pipes. */
final class RestoredContents {

    private static final int O_ASYNC = 020000;

    private RestoredContents() {}

    static void check(Image image, byte[] bytes, Path file, Path root) throws IOException {
        if (sendsSignals(image)) {
            return;
        }
        Restore restore = Restore.from(file).bestEffort().fifosInRoot(root).creatingFifos().recreatingUnlinkedFifos();
        try (RestoredProcesses restored = restore.openAll()) {
            Set<Integer> found = new HashSet<>();
            for (Image.Process process : image.processes()) {
                RestoredPipes pipes = restored.process(process.pid());
                for (Image.Descriptor descriptor : process.table().descriptors()) {
                    Image.Description description = descriptor.description();
                    if (description.accessMode().canRead()
                            && found.add(description.pipeObjref())) {
                        compare(image.pipeOf(description), bytes, pipes.descriptor(descriptor.fd()).number());
                    }
                }
            }
            removeFifos(root);
        } catch (StandpipeException e) {
            ShownText.requirePlain(e.getMessage());
        }
    }

    /** Signals to this process could be any, such as SIGKILL. */
    private static boolean sendsSignals(Image image) {
        return image.processes().stream()
                .flatMap(process -> process.table().descriptors().stream())
                .anyMatch(descriptor -> (descriptor.description().flags() & O_ASYNC) != 0);
    }

    private static void compare(Image.Pipe pipe, byte[] image, int fd) throws IOException {
        int offset = (int) pipe.payloadOffsetBytes();
        byte[] expected = Arrays.copyOfRange(image, offset, offset + (int) pipe.payloadBytes());
        ImageOracle.require(Pipes.queuedBytes(fd) == expected.length,
                "pipe " + pipe.objref() + " has " + Pipes.queuedBytes(fd) + " bytes, not " + expected.length);
        ImageOracle.require(Arrays.equals(PipeIo.readAll(fd), expected), "pipe " + pipe.objref() + " has other bytes");
    }

    private static void removeFifos(Path root) throws IOException {
        for (File made : root.toFile().listFiles()) {
            boolean fifo = ((int) Files.getAttribute(made.toPath(), "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000) == 0010000;
            ImageOracle.require(fifo, made + " is no FIFO");
            Files.delete(made.toPath());
        }
    }
}
