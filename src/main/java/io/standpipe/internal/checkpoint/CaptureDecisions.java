// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.internal.store.ProgressTracker;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a listener gets to know of how pipes were captured, and why so. */
final class CaptureDecisions {

    private static final List<String> ENDS = List.of("read end", "write end", "both ends");

    private CaptureDecisions() {}

    /**
     * Reports what was found, and how it was frozen and captured; once the processes run again.
     *
     * @param clones null if one clone served all pipes
     */
    static void report(
            ProgressTracker tracker, CheckpointOperation.Options options, FreezeWindow window, Inventory inventory,
            @Nullable CloneSet clones, Duration frozen) {
        if (!tracker.isExplained()) {
            return;
        }
        found(tracker, inventory);
        tracker.decided(freeze(options, window, frozen));
        if (clones == null) {
            tracker.decided("captured while the image was written, by one clone for all pipes in turn: "
                    + (options.writingWhileFrozen() ? "that was asked for" : "nothing is frozen"));
            return;
        }
        tracker.decided(clones.isCopying()
                ? "captured by copying the bytes: " + (options.copying() ? "that was asked for"
                        : window.lendsPages() ? "a thread was in a call that lends its pages to a pipe"
                        : "the pipes hold no more than 1 MiB together, which takes no time to speak of")
                : "captured by clones that share pages with the pipes: " + (window.isFreezing()
                        ? "the pipes may hold more than 1 MiB together" : "nothing is frozen for which a copy would be as of one instant"));
    }

    private static void found(ProgressTracker tracker, Inventory inventory) {
        for (Inventory.FoundProcess process : inventory.found()) {
            for (Inventory.FoundFd fd : process.table().pipes()) {
                Image.Inode inode = fd.description().pipe().inode();
                tracker.decided("process " + process.task().pid() + ", descriptor " + fd.fd() + ": the "
                        + ENDS.get(Math.min(fd.description().accessMode(), ENDS.size() - 1)) + " of "
                        + (fd.description().path() == null ? "pipe " : "FIFO ") + Long.toUnsignedString(inode.ino()));
            }
        }
    }

    private static String freeze(CheckpointOperation.Options options, FreezeWindow window, Duration frozen) {
        if (window.isRefused()) {
            return "not frozen: ptrace is refused, and no way of freezing was asked for";
        }
        if (frozen.isZero()) {
            return "not frozen: " + (options.freezeIsChosen() ? "that was asked for" : "the pipes are of this process");
        }
        return "frozen by " + options.freeze().name().toLowerCase(Locale.ROOT) + ", "
                + (options.freezeIsChosen() ? "which was asked for" : "the default, which no parent process notices")
                + ", for " + TimeUnit.NANOSECONDS.toMicros(frozen.toNanos()) + " us: that long " + window.pids() + " did not run";
    }
}
