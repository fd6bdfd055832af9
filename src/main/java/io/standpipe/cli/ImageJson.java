// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.google.gson.stream.JsonWriter;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.OwnerRecord;
import io.standpipe.internal.format.PipeStateRecord;
import io.standpipe.internal.format.RecordList;
import io.standpipe.internal.format.RecordType;
import io.standpipe.internal.format.SlotsRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** An image for programs. */
final class ImageJson {

    private ImageJson() {}

    static void write(Image image, PrintWriter out) {
        document(out, json -> {
            json.beginObject();
            json.name("sizeBytes").value(image.sizeBytes());
            json.name("formatVersion");
            if (image.info() == null) {
                json.nullValue();
            } else {
                json.value(image.info().formatVersion());
                json.name("creator").value(image.info().creator() + " " + image.info().creatorVersion());
            }
            json.name("time").value(image.header().timeSeconds());
            json.name("kernel").value(image.release());
            json.name("machine").value(image.machine());
            json.name("records").value(image.records());
            json.name("unknownRecords").value(image.unknownRecords());
            json.name("processes").beginArray();
            for (Image.Process process : image.processes()) {
                writeProcess(process, json);
            }
            json.endArray();
            json.name("pipes").beginArray();
            for (Image.Pipe pipe : image.pipes()) {
                writePipe(pipe, json);
            }
            json.endArray();
            json.endObject();
        });
    }

    static void writeRecords(List<RecordList.Entry> records, PrintWriter out) {
        document(out, json -> {
            json.beginArray();
            for (RecordList.Entry record : records) {
                json.beginObject();
                json.name("offset").value(record.offsetBytes());
                json.name("type").value(record.type());
                json.name("name").value(RecordType.name(record.type()));
                json.name("length").value(record.lengthBytes());
                json.endObject();
            }
            json.endArray();
        });
    }

    interface Body {
        void write(JsonWriter json) throws IOException;
    }

    static void document(PrintWriter out, Body body) {
        try {
            JsonWriter json = new JsonWriter(new AsciiJson(out));
            json.setIndent("  ");
            body.write(json);
            out.println();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeProcess(Image.Process process, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("pid").value(process.task().pid());
        json.name("descriptors").beginArray();
        for (Image.Descriptor descriptor : process.table().descriptors()) {
            json.beginObject();
            json.name("fd").value(descriptor.number());
            json.name("closeOnExec").value(descriptor.closeOnExec());
            writeDescription(descriptor.description(), json);
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    private static void writeDescription(Image.Description description, JsonWriter json) throws IOException {
        json.name("description").value(description.objref());
        json.name("access").value(ImageText.ACCESS[description.file().accessMode()]);
        json.name("flags").value(description.file().flags());
        json.name("pipe").value(description.pipe().objref());
        OwnerRecord owner = description.owner();
        if (owner != null) {
            json.name("ownerType").value(ImageText.OWNERS[owner.ownerType()]);
            json.name("owner").value(owner.owner());
            json.name("signal").value(owner.signal());
        }
        if (description.name() != null) {
            writePath(description.name().path(), json);
            json.name("metNoWriter").value(description.file().hasMetNoWriter());
        }
    }

    /** The path as it is, if it is text; and its bytes, which need not be text in any encoding. */
    private static void writePath(byte[] path, JsonWriter json) throws IOException {
        json.name("path").value(EscapedPath.isText(path) ? new String(path, StandardCharsets.UTF_8) : null);
        json.name("pathHex").value(HexFormat.of().formatHex(path));
    }

    private static void writePipe(Image.Pipe pipe, JsonWriter json) throws IOException {
        PipeStateRecord state = pipe.state();
        json.beginObject();
        json.name("objref").value(pipe.objref());
        json.name("type").value(pipe.fileType() == FileRecord.TYPE_FIFO ? "fifo" : "pipe");
        json.name("capacityBytes").value(pipe.capacityBytes());
        json.name("queuedBytes").value(pipe.payloadBytes());
        json.name("payloadOffset").value(pipe.payloadOffsetBytes());
        if (pipe.slots() != null) {
            writeSlots(pipe.slots(), json);
        }
        if (state != null) {
            json.name("device").value(state.dev());
            json.name("inode").value(state.ino());
            json.name("uid").value(state.uid());
            json.name("gid").value(state.gid());
            json.name("mode").value(state.mode());
            json.name("unlinked").value(state.isNameless());
            json.name("readEndOutside").value((state.outside() & PipeStateRecord.OUTSIDE_READ_END) != 0);
            json.name("writeEndOutside").value((state.outside() & PipeStateRecord.OUTSIDE_WRITE_END) != 0);
        }
        json.endObject();
    }

    private static void writeSlots(SlotsRecord slots, JsonWriter json) throws IOException {
        json.name("buffers").beginArray();
        for (SlotsRecord.Run run : slots.runs()) {
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
