// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a restore allows and chooses.
 *
 * @param copying whether payload is written instead of spliced
 * @param bestEffort whether to go on where something cannot be as it was, and report it
 * @param fifoBase the folder below which FIFOs may be opened, or null for none
 * @param reRooted whether the image's paths are taken from that folder as their root
 * @param creatingFifos whether to make a FIFO whose path leads nowhere
 * @param unlinkedInPlace whether to make a FIFO that had been unlinked anew at its path, and to unlink it
 */
public record RestoreOptions(
        boolean copying, boolean bestEffort, @Nullable Path fifoBase, boolean reRooted, boolean creatingFifos,
        boolean unlinkedInPlace) {

    public static final RestoreOptions DEFAULT = new RestoreOptions(false, false, null, false, false, false);

    public RestoreOptions withCopying() {
        return new RestoreOptions(true, bestEffort, fifoBase, reRooted, creatingFifos, unlinkedInPlace);
    }

    public RestoreOptions withBestEffort() {
        return new RestoreOptions(copying, true, fifoBase, reRooted, creatingFifos, unlinkedInPlace);
    }

    public RestoreOptions withFifos(Path base, boolean asRoot) {
        return new RestoreOptions(copying, bestEffort, base, asRoot, creatingFifos, unlinkedInPlace);
    }

    public RestoreOptions withCreatedFifos() {
        return new RestoreOptions(copying, bestEffort, fifoBase, reRooted, true, unlinkedInPlace);
    }

    public RestoreOptions withUnlinkedFifos() {
        return new RestoreOptions(copying, bestEffort, fifoBase, reRooted, creatingFifos, true);
    }
}
