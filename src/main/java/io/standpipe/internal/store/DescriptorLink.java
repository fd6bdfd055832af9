// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links that lead to a descriptor, as /dev/stdout does. */
final class DescriptorLink {

    private static final Pattern DESCRIPTOR = Pattern.compile("/proc/\\d+/(?:task/\\d+/)?fd/(\\d+)");
    private static final int MOST_LINKS = 40;

    private DescriptorLink() {}

    /** Returns what to do where an image was to replace a link: the file that it leads to may be named, unless it is a descriptor's. */
    static String remedy(Path link) {
        try {
            Path at = link.toAbsolutePath();
            for (int i = 0; i < MOST_LINKS && Files.isSymbolicLink(at); i++) {
                Path directory = Objects.requireNonNull(at.getParent()).toRealPath();
                Matcher descriptor = DESCRIPTOR.matcher(directory.resolve(at.getFileName()).toString());
                if (descriptor.matches()) {
                    String fd = descriptor.group(1);
                    return "; an image goes there by --output -" + (fd.equals("1") ? "" : " >&" + fd)
                            + " (in the library, Checkpoint.streamTo)";
                }
                at = directory.resolve(Files.readSymbolicLink(at));
            }
        } catch (IOException e) {
            // It leads nowhere.
        }
        return "; name the file it leads to";
    }
}
