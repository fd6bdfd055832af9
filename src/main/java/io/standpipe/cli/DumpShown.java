// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.cli.criu.CriuDump;
import io.standpipe.cli.criu.DumpedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints what a dump of CRIU has of pipes, in the form in which an image is printed. */
final class DumpShown {

    /** The image that Standpipe writes beside a dump. */
    private static final String IMAGE_BESIDE = "standpipe.img";

    private DumpShown() {}

    static void print(Path directory, boolean asJson, PrintWriter out) throws StandpipeException {
        CriuDump dump = CriuDump.in(directory);
        Image image = DumpedImage.shown(dump);
        Path beside = directory.resolve(IMAGE_BESIDE);
        Path better = Files.isRegularFile(beside, LinkOption.NOFOLLOW_LINKS) ? beside : null;
        if (asJson) {
            JsonDocument.print(out, json -> write(dump, image, better, json));
        } else {
            write(dump, image, better, out);
        }
    }

    private static void write(CriuDump dump, Image image, @Nullable Path better, PrintWriter out) {
        out.println(dump.directory() + ": dump of CRIU, " + Sizes.bytes(image.sizeBytes()) + " of it about pipes and processes");
        out.println(ImageText.taken(image.origin()));
        if (better != null) {
            out.println("an image of the same pipes is there too, and has more: standpipe show " + better);
        }
        ImageText.writeGraph(image, out);
        String unheld = unheld(image);
        if (!unheld.isEmpty()) {
            out.println("pipes that none of these descriptors is of: " + unheld + "; a message that waits in a socket may have one");
        }
        if (!image.pipes().isEmpty()) {
            out.println("not saved by CRIU: packets and buffers, owner and mode of pipes"
                    + (image.pipes().values().stream().anyMatch(ImageText::isUnknown) ? ", and what no dumped process could read" : ""));
        }
    }

    private static String unheld(Image image) {
        Set<Integer> left = new LinkedHashSet<>(image.pipes().keySet());
        for (Image.Process process : image.processes()) {
            process.table().descriptors().forEach(descriptor -> left.remove(descriptor.description().pipeObjref()));
        }
        return left.stream().map(Integer::toUnsignedString).collect(Collectors.joining(", "));
    }

    private static void write(CriuDump dump, Image image, @Nullable Path better, JsonWriter json) throws IOException {
        json.beginObject().name("criuImagesVersion").value(dump.imagesVersion());
        json.name("sizeBytes").value(image.sizeBytes());
        json.name("time").value(image.origin().timeSeconds()).name("machine").value(image.origin().machine());
        if (better != null) {
            json.name("imageBeside").value(better.toString());
        }
        ImageJson.writeGraph(image, json);
        json.endObject();
    }
}
