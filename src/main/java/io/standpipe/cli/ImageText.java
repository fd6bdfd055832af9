// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.OwnerRecord;
import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.format.SlotsRecord;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/** An image for people. */
final class ImageText {

    static final String[] ACCESS = {"read", "write", "read-write"};
    static final String[] OWNERS = {"thread", "process", "process group"};
    private static final int O_NONBLOCK = 04000;

    private ImageText() {}

    static void write(Image image, Path path, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %s, %s, %s%n",
                path,
                Sizes.bytes(image.sizeBytes()),
                image.info() == null
                        ? "without extension records"
                        : "format " + image.info().formatVersion() + " by "
                                + EscapedPath.of(image.info().creator() + " " + image.info().creatorVersion()),
                Sizes.count(image.records(), "record"));
        out.printf(
                Locale.ROOT,
                "taken %s on Linux %s %s%n",
                time(image.header().timeSeconds()),
                EscapedPath.of(image.release()),
                EscapedPath.of(image.machine()));
        if (image.unknownRecords() > 0) {
            out.printf(Locale.ROOT, "%s of unknown types skipped%n", Sizes.count(image.unknownRecords(), "record"));
        }
        for (Image.Process process : image.processes()) {
            out.printf(Locale.ROOT, "process %s%n", process.task().pid());
            if (process.table().descriptors().isEmpty()) {
                out.println("  no pipes");
            }
            process.table().descriptors().forEach(descriptor -> writeDescriptor(descriptor, out));
        }
        image.pipes().forEach(pipe -> writePipe(pipe, out));
    }

    /** An image can tell a time that no calendar has. */
    private static String time(long seconds) {
        boolean dated = seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond();
        return dated ? Instant.ofEpochSecond(seconds).toString() : seconds + " seconds after 1970";
    }

    private static void writeDescriptor(Image.Descriptor descriptor, PrintWriter out) {
        Image.Description description = descriptor.description();
        out.printf(
                Locale.ROOT,
                "  fd %-4s %-10s pipe %s, description %s%s%s%n",
                descriptor.number(),
                ACCESS[description.file().accessMode()],
                description.pipe().objref(),
                description.objref(),
                (description.file().flags() & O_NONBLOCK) != 0 ? ", nonblocking" : "",
                (descriptor.closeOnExec() ? ", close-on-exec" : "") + signals(description.owner())
                        + path(description));
    }

    private static String signals(OwnerRecord owner) {
        if (owner == null) {
            return "";
        }
        return ", signal " + (owner.signal() == 0 ? "SIGIO" : owner.signal()) + " to "
                + (owner.owner() == 0 ? "nobody" : OWNERS[owner.ownerType()] + " " + owner.owner());
    }

    private static String path(Image.Description description) {
        if (description.name() == null) {
            return "";
        }
        return ", FIFO " + description.name().text()
                + (description.pipe().isNameless() ? " (unlinked)" : "");
    }

    private static void writePipe(Image.Pipe pipe, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "pipe %-4s %s %s of %s bytes%s%n",
                pipe.objref(),
                Sizes.bar(pipe.payloadBytes(), pipe.capacityBytes()),
                Sizes.grouped(pipe.payloadBytes()),
                Sizes.grouped(pipe.capacityBytes()),
                slots(pipe.slots()) + outside(pipe.state()));
    }

    private static String slots(SlotsRecord slots) {
        if (slots == null) {
            return "";
        }
        return " in " + Sizes.count(slots.count(), "buffer") + (slots.hasPackets() ? ", packets" : "");
    }

    private static String outside(PipeStateRecord state) {
        int outside = state == null ? 0 : state.outside();
        boolean read = (outside & PipeStateRecord.OUTSIDE_READ_END) != 0;
        boolean write = (outside & PipeStateRecord.OUTSIDE_WRITE_END) != 0;
        if (read && write) {
            return ", both ends held by others";
        }
        return read ? ", read end held by others" : write ? ", write end held by others" : "";
    }
}
