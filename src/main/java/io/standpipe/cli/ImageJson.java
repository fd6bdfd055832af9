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

/** Prints an image as JSON. */
final class ImageJson {

    private ImageJson() {}

    static void write(Image image, PrintWriter out) {
        JsonDocument.print(out, json -> {
            json.beginObject();
            json.name("sizeBytes").value(image.sizeBytes());
            json.name("formatVersion");
            Image.Creator creator = image.origin().creator();
            if (creator == null) {
                json.nullValue();
            } else {
                json.value(creator.formatVersion());
                json.name("creator").value(creator.name() + " " + creator.version());
            }
            json.name("time").value(image.origin().timeSeconds());
            json.name("kernel").value(image.origin().kernelRelease());
            json.name("machine").value(image.origin().machine());
            json.name("records").value(image.records());
            json.name("unknownRecords").value(image.unknownRecords());
            json.name("processes").beginArray();
            for (Image.Process process : image.processes()) {
                writeProcess(process, json);
            }
            json.endArray();
            json.name("pipes").beginArray();
            for (Image.Pipe pipe : image.pipes().values()) {
                writePipe(pipe, json);
            }
            json.endArray();
            json.endObject();
        });
    }

    static void writeRecords(List<Image.RecordEntry> records, PrintWriter out) {
        JsonDocument.print(out, json -> {
            json.beginArray();
            for (Image.RecordEntry record : records) {
                json.beginObject();
                json.name("offset").value(record.offsetBytes());
                json.name("type").value(record.type());
                json.name("name").value(record.name());
                json.name("length").value(record.lengthBytes());
                json.endObject();
            }
            json.endArray();
        });
    }

    private static void writeProcess(Image.Process process, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("pid").value(process.pid());
        json.name("descriptors").beginArray();
        for (Image.Descriptor descriptor : process.table().descriptors()) {
            json.beginObject();
            json.name("fd").value(descriptor.fd());
            json.name("closeOnExec").value(descriptor.closeOnExec());
            writeDescription(descriptor.description(), json);
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    private static void writeDescription(Image.Description description, JsonWriter json) throws IOException {
        json.name("description").value(description.objref());
        json.name("access").value(ImageText.ACCESS[description.accessMode()]);
        json.name("flags").value(description.flags());
        json.name("pipe").value(description.pipeObjref());
        Image.Owner owner = description.owner();
        if (owner != null) {
            json.name("ownerType").value(ImageText.OWNERS[owner.type()]);
            json.name("owner").value(owner.id());
            json.name("signal").value(owner.signal());
        }
        if (description.path() != null) {
            writePath(description.path(), json);
            json.name("metNoWriter").value(description.metNoWriter());
        }
    }

    /** Writes the path as text if it is UTF-8, and always in hex. */
    private static void writePath(byte[] path, JsonWriter json) throws IOException {
        json.name("path").value(EscapedPath.isText(path) ? new String(path, StandardCharsets.UTF_8) : null);
        json.name("pathHex").value(HexFormat.of().formatHex(path));
    }

    private static void writePipe(Image.Pipe pipe, JsonWriter json) throws IOException {
        Image.Inode inode = pipe.inode();
        json.beginObject();
        json.name("objref").value(pipe.objref());
        json.name("type").value(pipe.isFifo() ? "fifo" : "pipe");
        json.name("capacityBytes").value(pipe.capacityBytes());
        json.name("queuedBytes").value(pipe.payloadBytes());
        json.name("payloadOffset").value(pipe.payloadOffsetBytes());
        if (pipe.slots() != null) {
            writeSlots(pipe.slots(), json);
        }
        if (inode != null) {
            json.name("device").value(inode.dev());
            json.name("inode").value(inode.ino());
            json.name("uid").value(inode.uid());
            json.name("gid").value(inode.gid());
            json.name("mode").value(inode.mode());
            json.name("unlinked").value(pipe.unlinked());
            json.name("readEndOutside").value(pipe.external().read());
            json.name("writeEndOutside").value(pipe.external().write());
        }
        json.endObject();
    }

    private static void writeSlots(Slots slots, JsonWriter json) throws IOException {
        json.name("buffers").beginArray();
        for (Slots.Run run : slots.runs()) {
            json.beginObject();
            json.name("lengthBytes").value(run.lengthBytes());
            json.name("count").value(run.count());
            json.name("packet").value(run.packet());
            json.endObject();
        }
        json.endArray();
        json.name("lastBufferEnd").value(slots.tailEnd());
    }
}
