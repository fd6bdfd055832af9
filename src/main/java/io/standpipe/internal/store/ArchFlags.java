// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.Image;
import io.standpipe.internal.format.Task;
import java.util.List;

/**
 * Translates the flags of open file descriptions between architectures. On arm64 two pairs of flags are swapped: O_DIRECT and
 * O_LARGEFILE there have the values of O_DIRECTORY and O_NOFOLLOW elsewhere.
 */
public final class ArchFlags {

    /** Both in uname and in os.arch. */
    private static final String ARM64 = "aarch64";

    private static final int LOWER_PAIR = 0140000;
    private static final int UPPER_PAIR = 0600000;
    private static final int DISTANCE = 2;

    private ArchFlags() {}

    /** Returns an image with the flags that it would have if it had been taken on this machine. */
    static Image translated(Image image) {
        boolean here = System.getProperty("os.arch").equals(ARM64);
        if (image.origin().machine().equals(ARM64) == here) {
            return image;
        }
        List<Image.Process> processes = image.processes().stream()
                .map(process -> Task.with(process, translated(process.table().descriptors())))
                .toList();
        return new Image(
                image.origin(), processes, image.pipes(), image.records(), image.unknownRecords(),
                image.otherRecords(), image.sizeBytes());
    }

    private static List<Image.Descriptor> translated(List<Image.Descriptor> descriptors) {
        return descriptors.stream()
                .map(descriptor -> new Image.Descriptor(
                        descriptor.fd(), descriptor.closeOnExec(), translated(descriptor.description())))
                .toList();
    }

    private static Image.Description translated(Image.Description description) {
        return new Image.Description(
                description.objref(), swapped(description.flags()), description.metNoWriter(), description.path(), description.owner(),
                description.pipeObjref());
    }

    /** Returns flags with the two pairs swapped, which is the translation in either direction. */
    public static int swapped(int flags) {
        return flags & ~(LOWER_PAIR | UPPER_PAIR)
                | (flags & LOWER_PAIR) << DISTANCE
                | (flags & UPPER_PAIR) >>> DISTANCE;
    }
}
