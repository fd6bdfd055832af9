// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a restore allows and chooses.
 *
 * @param copying whether payload is written instead of spliced
 * @param bestEffort whether the restore accepts deviations, and reports them
 * @param fifoBase the directory below which FIFOs may be opened; null for none
 * @param baseIsRoot whether that directory stands for the root of the image's paths
 * @param creatingFifos whether a FIFO is made where its path leads nowhere
 * @param recreatingUnlinked whether an unlinked FIFO is made at its path and unlinked again
 * @param replacements the saved fds that are not restored
 * @param timeout for which the restore may wait in all; null for the limits of each wait
 */
public record RestoreOptions(
        boolean copying, boolean bestEffort, @Nullable Path fifoBase, boolean baseIsRoot, boolean creatingFifos,
        boolean recreatingUnlinked, Replacements replacements, @Nullable Duration timeout) {

    public static final RestoreOptions DEFAULT = new RestoreOptions(false, false, null, false, false, false, Replacements.NONE, null);

    public RestoreOptions withCopying() {
        return new RestoreOptions(true, bestEffort, fifoBase, baseIsRoot, creatingFifos, recreatingUnlinked, replacements, timeout);
    }

    public RestoreOptions withBestEffort() {
        return new RestoreOptions(copying, true, fifoBase, baseIsRoot, creatingFifos, recreatingUnlinked, replacements, timeout);
    }

    public RestoreOptions withFifos(Path base, boolean asRoot) {
        return new RestoreOptions(copying, bestEffort, base, asRoot, creatingFifos, recreatingUnlinked, replacements, timeout);
    }

    public RestoreOptions within(Duration most) {
        return new RestoreOptions(copying, bestEffort, fifoBase, baseIsRoot, creatingFifos, recreatingUnlinked, replacements, most);
    }

    public RestoreOptions withCreatedFifos() {
        return new RestoreOptions(copying, bestEffort, fifoBase, baseIsRoot, true, recreatingUnlinked, replacements, timeout);
    }

    public RestoreOptions withRecreatedFifos() {
        return new RestoreOptions(copying, bestEffort, fifoBase, baseIsRoot, creatingFifos, true, replacements, timeout);
    }

    /** @param fd that a command gets in place of the saved one, or {@link Replacements#NOTHING} */
    public RestoreOptions withReplaced(int pid, int savedFd, int fd) {
        return new RestoreOptions(
                copying, bestEffort, fifoBase, baseIsRoot, creatingFifos, recreatingUnlinked,
                replacements.with(pid, savedFd, fd), timeout);
    }
}
