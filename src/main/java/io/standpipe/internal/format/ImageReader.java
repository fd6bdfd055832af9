// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import io.standpipe.Image;
import io.standpipe.Slots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an image from HEADER to TAIL and checks all of it: nothing may be restored before this has returned. Accepts images without
 * any extension record, which is the kernel series' own layout.
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

    private final RecordCursor cursor;
    private final long sizeBytes;
    /** Tables, descriptions and pipes by objref. */
    private final Map<Integer, Object> objects = new HashMap<>();
    private final Map<Integer, Image.Pipe> pipes = new LinkedHashMap<>();
    private @Nullable InfoRecord info;
    private OptionalInt pageSizeBytes = OptionalInt.empty();
    private long unknownRecords;
    private long descriptors;
    private boolean digestSeen;

    private ImageReader(Source source) {
        cursor = new RecordCursor(source);
        sizeBytes = source.sizeBytes();
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
        String release = SmallRecords.Buffer.decodeUts(expect(RecordType.BUFFER), header.releaseLength());
        String version = SmallRecords.Buffer.decodeUts(expect(RecordType.BUFFER), header.versionLength());
        String machine = SmallRecords.Buffer.decodeUts(expect(RecordType.BUFFER), header.machineLength());
        int count = SmallRecords.Tree.decode(expect(RecordType.TREE));
        List<Task> tasks = SmallRecords.Tree.decodeEntries(expect(RecordType.BUFFER), count);
        List<Image.Process> processes = new ArrayList<>(count);
        for (Task task : tasks) {
            nextRecord();
            Image.Program program = readProgram(task);
            Image.Table table = readTaskObjects();
            descriptors += table.descriptors().size();
            if (descriptors > Image.MOST_DESCRIPTORS) {
                throw cursor.malformed("TASK_OBJS: the processes up to this one have " + descriptors
                        + " descriptors, expected at most " + Image.MOST_DESCRIPTORS);
            }
            processes.add(task.process(program, table));
        }
        SmallRecords.Tail.check(expect(RecordType.TAIL));
        if (info != null && !digestSeen) {
            throw cursor.malformed("TAIL: no DIGEST before it, expected one since the image has INFO");
        }
        long end = cursor.offset() + cursor.lengthBytes();
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

    /** Returns what a process was, if the image says it. */
    private Image.@Nullable Program readProgram(Task task) throws IOException {
        if (!cursor.isAt(RecordType.PROGRAM)) {
            return null;
        }
        Image.Program program = ProgramRecord.decode(cursor, task.pid());
        nextRecord();
        return program;
    }

    /** Returns the table of one process: its own, which comes here, or one that came with an earlier process. */
    private Image.Table readTaskObjects() throws IOException {
        if (cursor.isAt(RecordType.OBJREF)) {
            int objref = decodeNewObjref(SmallRecords.Objref.FILE_TABLE);
            int count = SmallRecords.FileTable.decode(expect(RecordType.FILE_TABLE));
            Image.Table table = new Image.Table(objref, new ArrayList<>(credible(count)));
            objects.put(objref, table);
            readTable(table, count);
            nextRecord();
        }
        expectType(RecordType.TASK_OBJS);
        int files = SmallRecords.TaskObjs.decode(cursor);
        if (objects.get(files) instanceof Image.Table table) {
            return table;
        }
        throw cursor.malformed("files_objref", Integer.toString(files), "that of a FILE_TABLE before it");
    }

    /** Returns as many of so many descriptors as there is room for in the rest of the image. */
    private int credible(int descriptors) {
        long room = (sizeBytes - cursor.offset()) / RecordType.FILE_DESC.lengthBytes();
        return (int) Math.min(descriptors, Math.min(room, Image.MOST_DESCRIPTORS));
    }

    private void readTable(Image.Table table, int count) throws IOException {
        Set<Integer> met = new HashSet<>();
        for (int i = 0; i < count; i++) {
            nextRecord();
            if (cursor.isAt(RecordType.OBJREF)) {
                readDescription(decodeNewObjref(SmallRecords.Objref.FILE));
            }
            expectType(RecordType.FILE_DESC);
            SmallRecords.FileDesc found = SmallRecords.FileDesc.decode(cursor);
            if (!(objects.get(found.fileObjref()) instanceof Image.Description description)) {
                throw cursor.malformed("fd_objref", Integer.toString(found.fileObjref()), "that of a FILE before it");
            }
            if (!met.add(found.fd())) {
                throw cursor.malformed("fd_descriptor", Integer.toString(found.fd()), "a number not yet in its table");
            }
            table.descriptors().add(new Image.Descriptor(found.fd(), found.closeOnExec(), description));
        }
    }

    /** Reads FILE, what belongs to it, and the pipe, where it is met for the first time; ends at the record that follows. */
    private void readDescription(int objref) throws IOException {
        FileRecord file = FileRecord.decode(expect(RecordType.FILE));
        int pipeObjref = file.pipeObjref();
        Image.Pipe pipe = pipes.get(pipeObjref);
        if (pipe != null) {
            int fileType = pipe.isFifo() ? FileRecord.TYPE_FIFO : FileRecord.TYPE_PIPE;
            cursor.expectInt("f_type of one more description of its pipe", file.fileType(), fileType);
        } else if (pipeObjref == objref || objects.containsKey(pipeObjref)) {
            throw cursor.malformed("pipe_objref", Integer.toString(pipeObjref), "the objref of a pipe");
        }
        byte[] path = file.isFifo() ? FileNameRecord.decode(expect(RecordType.FILE_NAME)) : null;
        nextRecord();
        Image.Owner owner = null;
        if (cursor.isAt(RecordType.OWNER)) {
            owner = SmallRecords.Owner.decode(cursor);
            nextRecord();
        }
        if (pipe == null) {
            pipe = readPipe(file);
            objects.put(pipeObjref, pipe);
            pipes.put(pipeObjref, pipe);
            nextRecord();
        }
        objects.put(objref, new Image.Description(objref, file.flags(), file.version() != 0, path, owner, pipeObjref));
    }

    private Image.Pipe readPipe(FileRecord file) throws IOException {
        int objref = file.pipeObjref();
        PipeStateRecord state = null;
        Slots slots = null;
        if (cursor.isAt(RecordType.PIPE_STATE)) {
            state = PipeStateRecord.decode(cursor);
            cursor.expectInt("pipe_objref", state.pipeObjref(), objref);
            nextRecord();
        }
        if (cursor.isAt(RecordType.SLOTS)) {
            if (info == null) {
                throw cursor.malformed("SLOTS: no INFO before it, expected one, which tells the size of a page");
            }
            SlotsRecord decoded = SlotsRecord.decode(cursor, info.pageSizeBytes());
            cursor.expectInt("pipe_objref", decoded.pipeObjref(), objref);
            slots = decoded.slots();
            nextRecord();
        }
        expectType(RecordType.PIPE_BUF);
        long payload = cursor.lengthBytes() - ImageRecord.HEADER_LENGTH;
        if (state != null && state.queuedBytes() != payload) {
            throw cursor.malformed("payload", payload + " bytes", state.queuedBytes() + ", what PIPE_STATE has queued");
        }
        if (slots != null && slots.totalBytes() != payload) {
            throw cursor.malformed("payload", payload + " bytes", slots.totalBytes() + ", what is in SLOTS");
        }
        return new Image.Pipe(
                objref, file.isFifo(), state == null ? null : state.inode(),
                state == null ? Image.Pipe.DEFAULT_CAPACITY_BYTES : state.capacityBytes(),
                state != null && state.unlinked(), state == null ? Image.ExternalEnds.UNKNOWN : state.external(), slots,
                pageSizeBytes, cursor.offset() + ImageRecord.HEADER_LENGTH, payload);
    }

    /** Returns the objref of an object of a type, which no object before it may have. */
    private int decodeNewObjref(int expectedType) throws MalformedImageException {
        int objref = SmallRecords.Objref.decode(cursor, expectedType);
        Object taker = objects.get(objref);
        if (taker != null) {
            throw cursor.malformed("objref", Integer.toString(objref), "a new one, and that is a " + typeOf(taker));
        }
        return objref;
    }

    private static ObjectHash.Type typeOf(Object object) {
        return object instanceof Image.Pipe
                ? ObjectHash.Type.INODE
                : object instanceof Image.Table ? ObjectHash.Type.FILE_TABLE : ObjectHash.Type.FILE;
    }

    /** Goes to the next record, which must be of a type. */
    private RecordCursor expect(RecordType type) throws IOException {
        nextRecord();
        expectType(type);
        return cursor;
    }

    private void expectType(RecordType type) throws IOException {
        if (cursor.isAt(RecordType.ERROR)) {
            throw gaveUp();
        }
        if (!cursor.isAt(type)) {
            throw cursor.malformed("found " + cursor.typeName() + ", expected " + type);
        }
    }

    /** Returns what ERROR means, with the reason if the writer said why. */
    private MalformedImageException gaveUp() throws IOException {
        long at = cursor.offset();
        String problem = "ERROR: whoever wrote the image gave up before its end";
        try {
            cursor.next();
            if (cursor.isAt(RecordType.STRING)) {
                problem += ": " + EscapedPath.of(SmallRecords.Text.decode(cursor));
            }
        } catch (MalformedImageException e) {
            problem += " (and not why: " + e.getMessage() + ")";
        }
        return new MalformedImageException(at, problem);
    }

    /** Goes to the next record that is part of the structure; deals with the extensions that may stand anywhere. */
    private void nextRecord() throws IOException {
        while (true) {
            cursor.next();
            if (digestSeen && !cursor.isAt(RecordType.TAIL)) {
                throw cursor.malformed("found " + cursor.typeName() + " behind DIGEST, expected TAIL");
            }
            if (cursor.isAt(RecordType.INFO)) {
                readInfo();
            } else if (cursor.isAt(RecordType.DIGEST)) {
                SmallRecords.Digest.check(cursor, cursor.crcBefore(), cursor.coveredBefore());
                digestSeen = true;
            } else if (!RecordType.isExtension(cursor.type()) || isStructure()) {
                return;
            } else if (!cursor.isAt(RecordType.PAD)) {
                unknownRecords++;
            }
        }
    }

    /** Returns whether the record is an extension that has a place of its own among the other records. */
    private boolean isStructure() {
        return cursor.isAt(RecordType.PIPE_STATE)
                || cursor.isAt(RecordType.SLOTS)
                || cursor.isAt(RecordType.OWNER)
                || cursor.isAt(RecordType.PROGRAM);
    }

    private void readInfo() throws MalformedImageException {
        if (info != null) {
            throw cursor.malformed("INFO: found a second one, expected none");
        }
        info = InfoRecord.decode(cursor);
        pageSizeBytes = OptionalInt.of(info.pageSizeBytes());
    }

    /** Returns the bare list of records of an image that has been read and checked. */
    public static List<Image.RecordEntry> records(Source source) throws IOException {
        RecordCursor cursor = new RecordCursor(source);
        List<Image.RecordEntry> entries = new ArrayList<>();
        do {
            cursor.next();
            entries.add(new Image.RecordEntry(cursor.offset(), cursor.typeName(), cursor.type(), cursor.lengthBytes()));
        } while (!cursor.isAt(RecordType.TAIL));
        return entries;
    }
}
