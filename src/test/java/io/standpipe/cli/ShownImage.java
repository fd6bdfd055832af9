// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;
import io.standpipe.StandpipeException;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Prints an image as {@code standpipe show} does, for tests in other packages. */
public final class ShownImage {

    private ShownImage() {}

    /** Shows a dump of CRIU. */
    public static void dump(Path directory, boolean asJson, PrintWriter out) throws StandpipeException {
        DumpShown.print(directory, asJson, out);
    }

    public static void text(Image image, PrintWriter out) {
        ImageText.write(image, "image", out);
    }

    public static void json(Image image, PrintWriter out) {
        ImageJson.write(image, out);
    }

    public static void records(List<Image.RecordEntry> records, PrintWriter out) {
        ImageJson.writeRecords(records, out);
    }
}
