// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.internal.format.BufferRecord;
import io.standpipe.internal.format.FileDescRecord;
import io.standpipe.internal.format.FileTableRecord;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.ImageSink;
import io.standpipe.internal.format.ImageWriter;
import io.standpipe.internal.format.ObjrefRecord;
import io.standpipe.internal.format.TaskObjsRecord;
import io.standpipe.internal.format.TreeRecord;

import java.io.IOException;
import java.util.BitSet;

/**
 * Writes an image that was read once more, record by record as a checkpoint does, with nothing where the payload
 * belongs.
 */
final class ImageRecords {

    private final Image image;
    private final BitSet written = new BitSet();
    private final ImageWriter writer;

    private ImageRecords(Image image, ImageSink sink) {
        this.image = image;
        writer = new ImageWriter(sink, image.info().pageSizeBytes());
    }

    /** Returns how long the image is. */
    static long encode(Image image, ImageSink sink) throws IOException {
        ImageRecords records = new ImageRecords(image, sink);
        records.writeAll();
        return records.writer.lengthBytes();
    }

    private void writeAll() throws IOException {
        writer.append(image.header());
        writer.append(BufferRecord.ofUts(image.release()));
        writer.append(BufferRecord.ofUts(image.version()));
        writer.append(BufferRecord.ofUts(image.machine()));
        writer.append(image.info());
        writer.append(new TreeRecord(image.processes().size()));
        writer.append(TreeRecord.entries(image.processes().stream().map(Image.Process::task).toList()));
        for (Image.Process process : image.processes()) {
            writeTable(process.table());
            writer.append(new TaskObjsRecord(process.table().objref()));
        }
        writer.finish();
    }

    private void writeTable(Image.Table table) throws IOException {
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE_TABLE, table.objref()));
        writer.append(new FileTableRecord(table.descriptors().size()));
        for (Image.Descriptor descriptor : table.descriptors()) {
            Image.Description description = descriptor.description();
            if (isFirst(description.objref())) {
                writeDescription(description);
            }
            writer.append(new FileDescRecord(description.objref(), descriptor.number(), descriptor.closeOnExec()));
        }
    }

    private void writeDescription(Image.Description description) throws IOException {
        writer.append(new ObjrefRecord(ObjrefRecord.TYPE_FILE, description.objref()));
        writer.append(description.file());
        Image.Pipe pipe = description.pipe();
        if (isFirst(pipe.objref())) {
            writer.append(pipe.state());
            writer.beginPayload(pipe.payloadBytes(), 0);
            writer.endPayload(pipe.payloadBytes());
        }
    }

    private boolean isFirst(int objref) {
        boolean first = !written.get(objref);
        written.set(objref);
        return first;
    }
}
