// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Image;

import java.io.PrintWriter;
import java.util.List;

/** Prints an image as {@code standpipe show} does, for tests in other packages. */
public final class ShownImage {

    private ShownImage() {}

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
