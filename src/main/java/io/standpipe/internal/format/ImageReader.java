// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an image from HEADER to TAIL and checks all of it: nothing may be restored before this has returned. Accepts the kernel
 * series' own images, which have no extension record, and records of memory, registers and other things beside those of pipes.
 */
public final class ImageReader {

    /** Where an image is read from. */
    public interface Source {

        /** Returns the length of the whole image. */
        long sizeBytes();

        /** Returns memory that {@link #read} can fill. */
        ByteBuffer allocate(int sizeBytes);

        /** Fills the memory last allocated here from its start to its limit, or fails: the reader asks for nothing beyond the size. */
        void read(long offsetBytes, ByteBuffer into) throws IOException;
    }

    /** What a process has that had ended. */
    private static final Image.Table NO_TABLE = new Image.Table(0, List.of(), Map.of());

    private final RecordCursor cursor;
    private final long sizeBytes;
    private final RecordStream records;
    private final ObjectReader objects;
    private long descriptors;

    private ImageReader(Source source) {
        cursor = new RecordCursor(source);
        sizeBytes = source.sizeBytes();
        records = new RecordStream(cursor);
        objects = new ObjectReader(records, sizeBytes);
    }

    /**
     * Reads and checks an image.
     *
     * @throws MalformedImageException for what is not an image, or a damaged one
     * @throws IOException if the source cannot be read
     */
    public static Image read(Source source) throws IOException {
        return new ImageReader(source).readImage();
    }

    private Image readImage() throws IOException {
        HeaderRecord header = readHeader();
        String release = SmallRecords.Buffer.decodeUts(records.expect(RecordType.BUFFER), header.releaseLength());
        String version = SmallRecords.Buffer.decodeUts(records.expect(RecordType.BUFFER), header.versionLength());
        String machine = SmallRecords.Buffer.decodeUts(records.expect(RecordType.BUFFER), header.machineLength());
        records.next();
        Map<Integer, Integer> pids = records.isAt(RecordType.PIDS) ? PidsRecord.read(records) : Map.of();
        records.expectType(RecordType.TREE);
        int count = SmallRecords.Tree.decode(cursor);
        List<Task> tasks = SmallRecords.Tree.decodeEntries(records.expect(RecordType.BUFFER), count, pids);
        List<Image.Process> processes = new ArrayList<>(count);
        records.next();
        for (Task task : tasks) {
            processes.add(readProcess(task));
        }
        objects.readAll();
        records.expectType(RecordType.TAIL);
        SmallRecords.Tail.check(cursor);
        InfoRecord info = records.info();
        if (info != null && !records.digestSeen()) {
            throw cursor.malformed("TAIL: no DIGEST before it, expected one since the image has INFO");
        }
        long end = cursor.offset() + cursor.lengthBytes();
        if (end != sizeBytes) {
            throw cursor.malformed("TAIL: " + (sizeBytes - end) + " bytes follow, expected none");
        }
        return new Image(
                new Image.Origin(header.timeSeconds(), release, version, machine, creator(info)), List.copyOf(processes),
                objects.pipes(), cursor.records(), records.unknownRecords(), records.otherRecords(), sizeBytes);
    }

    private static Image.@Nullable Creator creator(@Nullable InfoRecord info) {
        return info == null
                ? null
                : new Image.Creator(info.formatVersion(), info.pageSizeBytes(), info.creator(), info.creatorVersion());
    }

    private HeaderRecord readHeader() throws IOException {
        int least = RecordType.HEADER.lengthBytes();
        if (sizeBytes < least) {
            throw cursor.malformed(MalformedImageException.NO_IMAGE + sizeBytes + " bytes, expected at least " + least);
        }
        try {
            cursor.next();
        } catch (MalformedImageException e) {
            throw cursor.malformed(MalformedImageException.NO_IMAGE + "it does not begin with a HEADER");
        }
        if (!cursor.isAt(RecordType.HEADER)) {
            throw cursor.malformed(MalformedImageException.NO_IMAGE + "it begins with " + cursor.typeName() + ", expected HEADER");
        }
        return HeaderRecord.decode(cursor);
    }

    /** Reads what the image has of one process, and ends at the record behind it. */
    private Image.Process readProcess(Task task) throws IOException {
        boolean hasTask = records.isAt(RecordType.TASK);
        if (hasTask) {
            records.leaveOut();
            records.next();
        }
        Image.Program program = null;
        if (records.isAt(RecordType.PROGRAM)) {
            program = ProgramRecord.decode(cursor, task.pid());
            records.next();
        }
        objects.readAll();
        if (hasTask && (records.isAt(RecordType.TASK) || records.isAt(RecordType.TAIL))) {
            return task.process(program, NO_TABLE);
        }
        records.expectType(RecordType.TASK_OBJS);
        int files = SmallRecords.TaskObjs.decode(cursor);
        Image.Table table = objects.table(files);
        if (table == null) {
            throw cursor.malformed("files_objref", Integer.toString(files), "that of a FILE_TABLE before it");
        }
        descriptors += table.descriptors().size() + table.others().size();
        if (descriptors > Image.MOST_DESCRIPTORS) {
            throw cursor.malformed("TASK_OBJS: the processes up to this one have " + descriptors
                    + " descriptors, expected at most " + Image.MOST_DESCRIPTORS);
        }
        records.next();
        return task.process(program, table);
    }

    /** Returns the bare list of records of an image that has been read and checked. */
    public static List<Image.RecordEntry> records(Source source) throws IOException {
        RecordCursor cursor = new RecordCursor(source);
        List<Image.RecordEntry> entries = new ArrayList<>();
        do {
            cursor.next();
            if (cursor.isAt(RecordType.HEADER)) {
                HeaderRecord.decode(cursor);
            }
            entries.add(new Image.RecordEntry(cursor.offset(), cursor.typeName(), cursor.code(), cursor.lengthBytes()));
        } while (!cursor.isAt(RecordType.TAIL));
        return entries;
    }
}
