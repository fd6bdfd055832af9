// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.AccessMode;
import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.format.ProgramText;
import io.standpipe.internal.sys.Flags;
import java.io.PrintWriter;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints an image as text for people. */
final class ImageText {


    private ImageText() {}

    static void write(Image image, String name, PrintWriter out) {
        Image.Creator creator = image.origin().creator();
        out.printf(
                Locale.ROOT, "%s: %s, %s, %s%n", name, Sizes.bytes(image.sizeBytes()),
                creator == null
                        ? "without extension records"
                        : "format " + creator.formatVersion() + " by " + EscapedPath.of(creator.name() + " " + creator.version()),
                Sizes.count(image.records(), "record"));
        out.println(taken(image.origin()));
        if (image.unknownRecords() > 0) {
            out.printf(Locale.ROOT, "%s of unknown types skipped%n", Sizes.count(image.unknownRecords(), "record"));
        }
        if (image.otherRecords() > 0) {
            out.printf(Locale.ROOT, "%s of what is no pipe skipped%n", Sizes.count(image.otherRecords(), "record"));
        }
        writeGraph(image, out);
    }

    /** Prints the processes with their descriptors, and the pipes. */
    static void writeGraph(Image image, PrintWriter out) {
        for (Image.Process process : image.processes()) {
            out.printf(Locale.ROOT, "process %s%s%n", process.pid(), program(process.program()));
            if (process.table().descriptors().isEmpty()) {
                out.println(process.table().objref() == 0 ? "  has ended" : "  no pipes");
            }
            process.table().descriptors().forEach(descriptor -> writeDescriptor(image, descriptor, out));
            process.table().others().forEach((fd, file) -> out.printf(
                    Locale.ROOT, "  fd %-4s %s, which restore leaves out%n", fd, file));
        }
        image.pipes().values().forEach(pipe -> writePipe(pipe, out));
    }

    /** Returns the kernel and the machine, of which an image made from something else than a checkpoint may not know one. */
    private static String machine(Image.Origin origin) {
        return origin.kernelRelease().isEmpty()
                ? origin.machine().isEmpty() ? "" : " on " + EscapedPath.of(origin.machine())
                : " on Linux " + EscapedPath.of(origin.kernelRelease()) + " " + EscapedPath.of(origin.machine());
    }

    /** Returns when an image was taken, and on which kernel and machine. */
    static String taken(Image.Origin origin) {
        return "taken " + time(origin.timeSeconds()) + machine(origin);
    }

    /** Returns the time as a date, or in seconds if an image has a time beyond the calendar. */
    private static String time(long seconds) {
        boolean dated = seconds >= LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC) && seconds <= LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC);
        if (!dated) {
            return seconds + " seconds after 1970";
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        return time + (time.getSecond() == 0 ? ":00Z" : "Z"); // Instant would load a formatter.
    }

    private static String program(Image.@Nullable Program program) {
        return program == null ? "" : " (" + ProgramText.of(program) + "), user " + ProgramText.user(program);
    }

    private static void writeDescriptor(Image image, Image.Descriptor descriptor, PrintWriter out) {
        Image.Description description = descriptor.description();
        out.printf(
                Locale.ROOT, "  fd %-4s %-10s pipe %s, description %s%s%s%n",
                descriptor.fd(), access(description), Integer.toUnsignedString(description.pipeObjref()),
                Integer.toUnsignedString(description.objref()), (description.flags() & Flags.O_NONBLOCK) != 0 ? ", nonblocking" : "",
                (descriptor.closeOnExec() ? ", close-on-exec" : "") + signals(description.owner()) + path(image, description));
    }

    static String access(Image.Description description) {
        return description.accessMode() == AccessMode.READ_WRITE ? "read-write" : description.accessMode().canRead() ? "read" : "write";
    }

    private static String signals(Image.@Nullable Owner owner) {
        return owner == null ? "" : ", signal " + (owner.signal() == 0 ? "SIGIO" : owner.signal()) + " to "
                + (owner.id() == 0 ? "nobody" : owner.type() + " " + owner.id());
    }

    private static String path(Image image, Image.Description description) {
        return description.path() == null
                ? ""
                : ", FIFO " + EscapedPath.of(description.path()) + (image.pipeOf(description).unlinked() ? " (unlinked)" : "");
    }

    /** Returns whether an image has nothing of the pipe but who holds it. */
    static boolean isUnknown(Image.Pipe pipe) {
        return pipe.capacityBytes() == 0;
    }

    private static void writePipe(Image.Pipe pipe, PrintWriter out) {
        out.printf(
                Locale.ROOT, "pipe %-4s %s%s%s%n", Integer.toUnsignedString(pipe.objref()),
                isUnknown(pipe) ? "contents and capacity not saved" : Sizes.use(pipe.payloadBytes(), pipe.capacityBytes()),
                slots(pipe.slots()) + external(pipe.external()),
                pipe.inode() == null ? "" : ", was " + (pipe.isFifo() ? "inode " : "pipe ")
                        + Long.toUnsignedString(pipe.inode().ino()));
    }

    private static String slots(@Nullable Slots slots) {
        return slots == null ? "" : " in " + Sizes.count(slots.count(), "buffer") + (slots.hasPackets() ? ", packets" : "");
    }

    private static String external(Image.ExternalEnds external) {
        return external.read() && external.write() ? ", both ends held by others"
                : external.read() ? ", read end held by others" : external.write() ? ", write end held by others" : "";
    }
}
