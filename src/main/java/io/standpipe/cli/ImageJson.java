// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.Image;
import io.standpipe.Slots;
import io.standpipe.internal.format.EscapedPath;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Prints an image as JSON. */
final class ImageJson {

    private ImageJson() {}

    static void write(Image image, PrintWriter out) {
        JsonDocument.print(out, json -> {
            json.beginObject().name("sizeBytes").value(image.sizeBytes()).name("formatVersion");
            Image.Creator creator = image.origin().creator();
            if (creator == null) {
                json.nullValue();
            } else {
                json.value(creator.formatVersion()).name("creator").value(creator.name() + " " + creator.version());
            }
            json.name("time").value(image.origin().timeSeconds());
            json.name("kernel").value(image.origin().kernelRelease()).name("machine").value(image.origin().machine());
            json.name("records").value(image.records()).name("unknownRecords").value(image.unknownRecords());
            json.name("otherRecords").value(image.otherRecords());
            writeGraph(image, json);
            json.endObject();
        });
    }

    /** Writes the processes with their descriptors, and the pipes. */
    static void writeGraph(Image image, JsonWriter json) throws IOException {
        json.name("processes").beginArray();
        for (Image.Process process : image.processes()) {
            writeProcess(process, json);
        }
        json.endArray().name("pipes").beginArray();
        for (Image.Pipe pipe : image.pipes().values()) {
            writePipe(pipe, json);
        }
        json.endArray();
    }

    static void writeRecords(List<Image.RecordEntry> records, PrintWriter out) {
        JsonDocument.print(out, json -> {
            json.beginArray();
            for (Image.RecordEntry record : records) {
                json.beginObject().name("offset").value(record.offsetBytes()).name("type").value(record.type());
                json.name("name").value(record.name()).name("length").value(record.lengthBytes()).endObject();
            }
            json.endArray();
        });
    }

    private static void writeProcess(Image.Process process, JsonWriter json) throws IOException {
        json.beginObject().name("pid").value(process.pid());
        Image.Program program = process.program();
        if (program != null) {
            json.name("name").value(text(program.name())).name("arguments").beginArray();
            for (byte[] argument : program.arguments()) {
                json.value(text(argument));
            }
            json.endArray().name("argumentsCut").value(program.cut());
            json.name("uid").value(program.uid());
            json.name("user").value(program.user() == null ? null : text(program.user()));
        }
        json.name("descriptors").beginArray();
        for (Image.Descriptor descriptor : process.table().descriptors()) {
            json.beginObject().name("fd").value(descriptor.fd()).name("closeOnExec").value(descriptor.closeOnExec());
            writeDescription(descriptor.description(), json);
            json.endObject();
        }
        json.endArray();
        if (!process.table().others().isEmpty()) {
            json.name("otherDescriptors").beginArray();
            for (Map.Entry<Integer, Image.OtherFile> other : process.table().others().entrySet()) {
                json.beginObject().name("fd").value(other.getKey());
                json.name("file").value(other.getValue().toString()).endObject();
            }
            json.endArray();
        }
        json.endObject();
    }

    /** Returns text as it is, and what is none as a path for people has it: JSON has no other way to have bytes. */
    private static String text(byte[] bytes) {
        return EscapedPath.isText(bytes) ? new String(bytes, StandardCharsets.UTF_8) : EscapedPath.of(bytes);
    }

    private static void writeDescription(Image.Description description, JsonWriter json) throws IOException {
        json.name("description").value(Integer.toUnsignedLong(description.objref()));
        json.name("access").value(ImageText.access(description));
        json.name("flags").value(description.flags());
        json.name("pipe").value(Integer.toUnsignedLong(description.pipeObjref()));
        Image.Owner owner = description.owner();
        if (owner != null) {
            json.name("ownerType").value(owner.type().toString()).name("owner").value(owner.id());
            json.name("signal").value(owner.signal());
        }
        byte[] path = description.path();
        if (path != null) {
            json.name("path").value(EscapedPath.isText(path) ? new String(path, StandardCharsets.UTF_8) : null);
            json.name("pathHex").value(HexFormat.of().formatHex(path));
            json.name("metNoWriter").value(description.metNoWriter());
        }
    }

    private static void writePipe(Image.Pipe pipe, JsonWriter json) throws IOException {
        Image.Inode inode = pipe.inode();
        Slots slots = pipe.slots();
        json.beginObject().name("objref").value(Integer.toUnsignedLong(pipe.objref())).name("type").value(pipe.isFifo() ? "fifo" : "pipe");
        if (!ImageText.isUnknown(pipe)) {
            json.name("capacityBytes").value(pipe.capacityBytes()).name("queuedBytes").value(pipe.payloadBytes());
            json.name("payloadOffset").value(pipe.payloadOffsetBytes());
        }
        if (slots != null) {
            json.name("buffers").beginArray();
            for (Slots.Run run : slots.runs()) {
                json.beginObject().name("lengthBytes").value(run.lengthBytes());
                json.name("count").value(run.count()).name("packet").value(run.packet()).endObject();
            }
            json.endArray().name("lastBufferEnd").value(slots.tailEndBytes());
        }
        if (inode == null && pipe.isFifo()) {
            json.name("unlinked").value(pipe.unlinked());
        } else if (inode != null) {
            json.name("device").value(inode.dev()).name("inode").value(inode.ino());
            json.name("uid").value(inode.uid()).name("gid").value(inode.gid()).name("mode").value(inode.mode());
            json.name("unlinked").value(pipe.unlinked());
            json.name("readEndOutside").value(pipe.external().read()).name("writeEndOutside").value(pipe.external().write());
        }
        json.endObject();
    }
}
