// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.Image;


import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The flags of open file descriptions as this machine numbers them. Two pairs of flags have each other's numbers on arm64:
 * O_DIRECT and O_LARGEFILE there are O_DIRECTORY and O_NOFOLLOW elsewhere.
 */
public final class ArchFlags {

    /** As uname and the JVM call it. */
    private static final String ARM64 = "aarch64";

    private static final int LOWER_PAIR = 0140000;
    private static final int UPPER_PAIR = 0600000;
    private static final int DISTANCE = 2;

    private final Map<Image.Table, Image.Table> tables = new IdentityHashMap<>();
    private final Map<Image.Description, Image.Description> descriptions = new IdentityHashMap<>();

    private ArchFlags() {}

    /** An image as it would have been taken on this machine; the same where it may have been. */
    public static Image of(Image image) {
        boolean here = System.getProperty("os.arch").equals(ARM64);
        return image.origin().machine().equals(ARM64) == here ? image : new ArchFlags().translated(image);
    }

    public static int swapped(int flags) {
        return flags & ~(LOWER_PAIR | UPPER_PAIR)
                | (flags & LOWER_PAIR) << DISTANCE
                | (flags & UPPER_PAIR) >>> DISTANCE;
    }

    private Image translated(Image image) {
        List<Image.Process> processes = image.processes().stream()
                .map(process -> new Image.Process(
                        process.task(), tables.computeIfAbsent(process.table(), this::translated)))
                .toList();
        return new Image(
                image.origin(), processes, image.pipes(), image.records(), image.unknownRecords(), image.sizeBytes());
    }

    private Image.Table translated(Image.Table table) {
        return new Image.Table(table.objref(), table.descriptors().stream()
                .map(descriptor -> new Image.Descriptor(
                        descriptor.fd(), descriptor.closeOnExec(),
                        descriptions.computeIfAbsent(descriptor.description(), this::translated)))
                .toList());
    }

    private Image.Description translated(Image.Description description) {
        return description.withFlags(swapped(description.flags()));
    }
}
