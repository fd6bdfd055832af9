// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Checkpoint;
import io.standpipe.CheckpointReport;
import io.standpipe.Freeze;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Saves the pipes of a tree of processes beside CRIU's images, while CRIU has the processes frozen. */
public final class TreeCapture {

    /** The image's name in the directory of CRIU's images. */
    public static final String IMAGE = "standpipe.img";

    private TreeCapture() {}

    /** Returns what is saved. It freezes nobody, since CRIU has done that. */
    static Checkpoint checkpoint(int root) {
        return Checkpoint.ofTree(root).freezing(Freeze.NONE).lookingForOthers();
    }

    /**
     * Saves them for a restore by CRIU, with Standpipe as its action script.
     *
     * @param root whose descendants are saved too
     * @param directory of CRIU's images
     * @return null if there are no pipes; then an image of an earlier dump is removed
     * @throws io.standpipe.UnavailableException if CRIU could not restore a FIFO
     */
    public static @Nullable CheckpointReport captureForCriu(int root, Path directory) throws StandpipeException {
        TreePipes.of(root).checkForCriuAlone();
        return capture(root, directory);
    }

    /**
     * Saves them: the image is durable when this returns, since CRIU may kill the processes next.
     *
     * @param root whose descendants are saved too
     * @param directory of CRIU's images
     * @return null if there are no pipes; then an image of an earlier dump is removed
     */
    static @Nullable CheckpointReport capture(int root, Path directory) throws StandpipeException {
        Path image = directory.resolve(IMAGE);
        if (!TreePipes.of(root).any()) {
            try {
                Files.deleteIfExists(image);
                return null;
            } catch (IOException e) {
                throw new StandpipeException(image + ", of an earlier dump: " + Reasons.of(e), e);
            }
        }
        CheckpointReport report = checkpoint(root).writeTo(image);
        NamespacePids.write(report.pids(), directory);
        DumpRecord.write(directory);
        return report;
    }
}
