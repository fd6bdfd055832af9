// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import io.standpipe.Slots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an image from HEADER to TAIL and checks all of it: nothing may be restored before this has returned. Accepts
 * images without any extension record, which is the kernel series' own layout.
 */
public final class ImageReader {

    private final RecordCursor cursor;
    private final long sizeBytes;
    /** Tables, descriptions and pipes by objref. */
    private final Map<Integer, Object> objects = new HashMap<>();
    private final Map<Integer, Image.Pipe> pipes = new LinkedHashMap<>();
    private @Nullable InfoRecord info;
    private long unknownRecords;
    private long descriptors;
    private boolean digestSeen;

    private ImageReader(ImageSource source) {
        cursor = new RecordCursor(source);
        sizeBytes = source.sizeBytes();
    }

    /**
     * Reads and checks.
     *
     * @throws MalformedImageException for what is not an image, or a damaged one
     * @throws IOException if the source cannot be read
     */
    public static Image read(ImageSource source) throws IOException {
        return new ImageReader(source).readImage();
    }

    private Image readImage() throws IOException {
        HeaderRecord header = readHeader();
        String release = SmallRecords.Buffer.decodeUts(expect(RecordType.BUFFER), header.releaseLength());
        String version = SmallRecords.Buffer.decodeUts(expect(RecordType.BUFFER), header.versionLength());
        String machine = SmallRecords.Buffer.decodeUts(expect(RecordType.BUFFER), header.machineLength());
        TreeRecord tree = TreeRecord.decode(expect(RecordType.TREE));
        List<Image.Task> tasks = TreeRecord.decodeEntries(expect(RecordType.BUFFER), tree.tasks());
        List<Image.Process> processes = new ArrayList<>(tasks.size());
        for (Image.Task task : tasks) {
            Image.Table table = readTaskObjects();
            descriptors += table.descriptors().size();
            if (descriptors > Image.MOST_DESCRIPTORS) {
                throw cursor.malformed("TASK_OBJS: the processes up to this one have " + descriptors
                        + " descriptors, expected at most " + Image.MOST_DESCRIPTORS);
            }
            processes.add(new Image.Process(task, table));
        }
        SmallRecords.Tail.check(expect(RecordType.TAIL));
        if (info != null && !digestSeen) {
            throw cursor.malformed("TAIL: no DIGEST before it, expected one since the image has INFO");
        }
        long end = cursor.offset() + cursor.length();
        if (end != sizeBytes) {
            throw cursor.malformed("TAIL: " + (sizeBytes - end) + " bytes follow, expected none");
        }
        return new Image(
                new Image.Origin(header.timeSeconds(), release, version, machine, creator()), List.copyOf(processes),
                Collections.unmodifiableMap(pipes), cursor.records(), unknownRecords, sizeBytes);
    }

    private Image.@Nullable Creator creator() {
        return info == null
                ? null
                : new Image.Creator(info.formatVersion(), info.pageSizeBytes(), info.creator(), info.creatorVersion());
    }

    private HeaderRecord readHeader() throws IOException {
        if (sizeBytes < HeaderRecord.LENGTH) {
            throw cursor.malformed("not an image: " + sizeBytes + " bytes, expected at least " + HeaderRecord.LENGTH);
        }
        RecordReader record;
        try {
            record = cursor.next();
        } catch (MalformedImageException e) {
            throw cursor.malformed("not an image: it does not begin with a HEADER");
        }
        if (!cursor.isAt(RecordType.HEADER)) {
            throw cursor.malformed("not an image: it begins with " + cursor.typeName() + ", expected HEADER");
        }
        return HeaderRecord.decode(record);
    }

    /** The table of one process: its own, which comes here, or one that came with an earlier process. */
    private Image.Table readTaskObjects() throws IOException {
        RecordReader record = nextRecord();
        if (cursor.isAt(RecordType.OBJREF)) {
            int objref = SmallRecords.Objref.decode(record, SmallRecords.Objref.FILE_TABLE);
            checkFree(record, objref);
            int count = SmallRecords.FileTable.decode(expect(RecordType.FILE_TABLE));
            Image.Table table = new Image.Table(objref, new ArrayList<>(credible(count)));
            objects.put(objref, table);
            readTable(table, count);
            record = nextRecord();
        }
        expectType(RecordType.TASK_OBJS);
        int files = SmallRecords.TaskObjs.decode(record);
        Image.Table table = object(Image.Table.class, files);
        if (table == null) {
            throw record.malformed("files_objref", Integer.toString(files), "that of a FILE_TABLE before it");
        }
        return table;
    }

    /** As many of so many descriptors as there is room for in the rest of the image. */
    private int credible(int descriptors) {
        long room = (sizeBytes - cursor.offset()) / SmallRecords.FileDesc.LENGTH;
        return (int) Math.min(descriptors, Math.min(room, Image.MOST_DESCRIPTORS));
    }

    private void readTable(Image.Table table, int count) throws IOException {
        Set<Integer> met = new HashSet<>();
        for (int i = 0; i < count; i++) {
            RecordReader record = nextRecord();
            if (cursor.isAt(RecordType.OBJREF)) {
                int objref = SmallRecords.Objref.decode(record, SmallRecords.Objref.FILE);
                checkFree(record, objref);
                record = readDescription(objref);
            }
            expectType(RecordType.FILE_DESC);
            SmallRecords.FileDesc descriptor = SmallRecords.FileDesc.decode(record);
            Image.Description description = object(Image.Description.class, descriptor.fileObjref());
            if (description == null) {
                throw record.malformed(
                        "fd_objref", Integer.toString(descriptor.fileObjref()), "that of a FILE before it");
            }
            if (!met.add(descriptor.fd())) {
                throw record.malformed(
                        "fd_descriptor", Integer.toString(descriptor.fd()), "a number not yet in its table");
            }
            table.descriptors().add(new Image.Descriptor(
                    descriptor.fd(), descriptor.closeOnExec(), description));
        }
    }

    /** FILE, what belongs to it, and where its pipe is met for the first time, the pipe; returns the record that follows. */
    private RecordReader readDescription(int objref) throws IOException {
        RecordReader record = expect(RecordType.FILE);
        FileRecord file = FileRecord.decode(record);
        int pipeObjref = file.pipeObjref();
        Image.Pipe pipe = pipes.get(pipeObjref);
        if (pipe != null) {
            record.expectInt("f_type of one more description of its pipe", file.fileType(), pipe.isFifo() ? FileRecord.TYPE_FIFO : FileRecord.TYPE_PIPE);
        } else if (pipeObjref == objref || objects.containsKey(pipeObjref)) {
            throw record.malformed("pipe_objref", Integer.toString(pipeObjref), "the objref of a pipe");
        }
        byte[] path = file.isFifo() ? FileNameRecord.decode(expect(RecordType.FILE_NAME)).path() : null;
        RecordReader next = nextRecord();
        Image.Owner owner = null;
        if (cursor.isAt(RecordType.OWNER)) {
            owner = OwnerRecord.decode(next).value();
            next = nextRecord();
        }
        if (pipe == null) {
            pipe = readPipe(next, file);
            objects.put(pipeObjref, pipe);
            pipes.put(pipeObjref, pipe);
            next = nextRecord();
        }
        objects.put(
                objref, new Image.Description(objref, file.flags(), file.version() != 0, path, owner, pipeObjref));
        return next;
    }

    private Image.Pipe readPipe(RecordReader first, FileRecord file) throws IOException {
        int objref = file.pipeObjref();
        PipeStateRecord state = null;
        Slots slots = null;
        RecordReader record = first;
        if (cursor.isAt(RecordType.PIPE_STATE)) {
            state = PipeStateRecord.decode(record);
            record.expectInt("pipe_objref", state.pipeObjref(), objref);
            record = nextRecord();
        }
        if (cursor.isAt(RecordType.SLOTS)) {
            if (info == null) {
                throw cursor.malformed("SLOTS: no INFO before it, expected one, which tells the size of a page");
            }
            SlotsRecord decoded = SlotsRecord.decode(record, info.pageSizeBytes());
            record.expectInt("pipe_objref", decoded.pipeObjref(), objref);
            slots = decoded.slots();
            record = nextRecord();
        }
        expectType(RecordType.PIPE_BUF);
        long payload = cursor.length() - ImageRecord.HEADER_LENGTH;
        if (state != null && state.queuedBytes() != payload) {
            throw record.malformed("payload", payload + " bytes", state.queuedBytes() + ", what PIPE_STATE has queued");
        }
        if (slots != null && slots.totalBytes() != payload) {
            throw record.malformed("payload", payload + " bytes", slots.totalBytes() + ", what is in SLOTS");
        }
        return new Image.Pipe(
                objref, file.isFifo(), state == null ? null : state.inode(),
                state == null ? Image.Pipe.DEFAULT_CAPACITY_BYTES : state.capacityBytes(),
                state != null && state.isUnlinked(), state == null ? Image.ExternalEnds.UNKNOWN : state.external(), slots,
                info == null ? 0 : info.pageSizeBytes(), cursor.offset() + ImageRecord.HEADER_LENGTH, payload);
    }

    private void checkFree(RecordReader record, int objref) throws MalformedImageException {
        Object taker = objects.get(objref);
        if (taker != null) {
            throw record.malformed("objref", Integer.toString(objref), "a new one, and that is a " + typeOf(taker));
        }
    }

    private <T> @Nullable T object(Class<T> type, int objref) {
        Object found = objects.get(objref);
        return type.isInstance(found) ? type.cast(found) : null;
    }

    private static ObjectHash.Type typeOf(Object object) {
        return object instanceof Image.Pipe
                ? ObjectHash.Type.INODE
                : object instanceof Image.Table ? ObjectHash.Type.FILE_TABLE : ObjectHash.Type.FILE;
    }

    private RecordReader expect(RecordType type) throws IOException {
        RecordReader record = nextRecord();
        expectType(type);
        return record;
    }

    private void expectType(RecordType type) throws IOException {
        if (cursor.isAt(RecordType.ERROR)) {
            throw gaveUp();
        }
        if (!cursor.isAt(type)) {
            throw cursor.malformed("found " + cursor.typeName() + ", expected " + type);
        }
    }

    /** Whoever wrote may have said why. */
    private MalformedImageException gaveUp() throws IOException {
        long at = cursor.offset();
        String told = "ERROR: whoever wrote the image gave up before its end";
        try {
            RecordReader record = cursor.next();
            if (cursor.isAt(RecordType.STRING)) {
                told += ": " + EscapedPath.of(SmallRecords.Text.decode(record));
            }
        } catch (MalformedImageException e) {
            told += " (and not why: " + e.getMessage() + ")";
        }
        return new MalformedImageException(at, told);
    }

    /** The next record that is part of the structure; extensions that may stand anywhere are dealt with here. */
    private RecordReader nextRecord() throws IOException {
        while (true) {
            RecordReader record = cursor.next();
            if (digestSeen && !cursor.isAt(RecordType.TAIL)) {
                throw cursor.malformed("found " + cursor.typeName() + " behind DIGEST, expected TAIL");
            }
            if (cursor.isAt(RecordType.INFO)) {
                readInfo(record);
            } else if (cursor.isAt(RecordType.DIGEST)) {
                DigestRecord.check(record, cursor.crcBefore(), cursor.coveredBefore());
                digestSeen = true;
            } else if (!RecordType.isExtension(cursor.type()) || isStructure()) {
                return record;
            } else if (!cursor.isAt(RecordType.PAD)) {
                unknownRecords++;
            }
        }
    }

    /** Extensions that have a place of their own among the other records. */
    private boolean isStructure() {
        return cursor.isAt(RecordType.PIPE_STATE) || cursor.isAt(RecordType.SLOTS) || cursor.isAt(RecordType.OWNER);
    }

    private void readInfo(RecordReader record) throws MalformedImageException {
        if (info != null) {
            throw cursor.malformed("INFO: found a second one, expected none");
        }
        info = InfoRecord.decode(record);
    }

    /** Returns the bare list of records of an image that has been read and checked. */
    public static List<Image.RecordEntry> records(ImageSource source) throws IOException {
        RecordCursor cursor = new RecordCursor(source);
        List<Image.RecordEntry> entries = new ArrayList<>();
        do {
            cursor.next();
            entries.add(new Image.RecordEntry(cursor.offset(), cursor.typeName(), cursor.type(), cursor.length()));
        } while (!cursor.isAt(RecordType.TAIL));
        return entries;
    }
}
