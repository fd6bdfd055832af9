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
 * Reads what OBJREF announces: tables, open file descriptions, and pipes with them. Of other objects only the objref is noted. As in
 * the series, an object may stand within another one, before the record that needs it.
 */
final class ObjectReader {

    /** More objects within one another than this are refused: the series' own have a terminal, within it the one at its other end. */
    private static final int MOST_NESTED = 8;

    private final RecordStream records;
    private final RecordCursor cursor;
    private final long sizeBytes;
    /** Tables, descriptions and pipes by objref; for other files what they are, and for other objects the number of their type. */
    private final Map<Integer, Object> objects = new HashMap<>();
    private final Map<Integer, Image.Pipe> pipes = new LinkedHashMap<>();

    ObjectReader(RecordStream records, long sizeBytes) {
        this.records = records;
        this.cursor = records.record();
        this.sizeBytes = sizeBytes;
    }

    /** Returns the pipes by objref, in the order in which they were met. */
    Map<Integer, Image.Pipe> pipes() {
        return Collections.unmodifiableMap(pipes);
    }

    Image.@Nullable Table table(int objref) {
        return objects.get(objref) instanceof Image.Table table ? table : null;
    }

    /** Reads all objects from the record on, and ends at the record behind them. */
    void readAll() throws IOException {
        readAll(0, false);
    }

    /**
     * @param depth how many objects are around these
     * @param forTable whether the next FILE_DESC of a table needs them
     */
    private void readAll(int depth, boolean forTable) throws IOException {
        while (records.isAt(RecordType.OBJREF)) {
            if (depth > MOST_NESTED) {
                throw cursor.malformed("OBJREF: there are " + depth + " objects around it, expected at most " + MOST_NESTED);
            }
            SmallRecords.Objref announced = SmallRecords.Objref.decode(cursor);
            checkNew(announced.objref());
            if (announced.objtype() == SmallRecords.Objref.FILE_TABLE) {
                if (depth > 0 || forTable) {
                    throw cursor.malformed("OBJREF: found a FILE_TABLE within another object, expected none");
                }
                readTable(announced.objref());
            } else if (announced.objtype() == SmallRecords.Objref.FILE) {
                readFile(announced.objref(), depth, forTable);
            } else {
                objects.put(announced.objref(), announced.objtype());
                records.leaveOut();
                records.next();
            }
        }
    }

    /** Throws if an object has the objref already. */
    private void checkNew(int objref) throws MalformedImageException {
        Object taker = objects.get(objref);
        if (taker != null) {
            throw cursor.malformed("objref", Integer.toString(objref), "a new one, and that is a " + typeOf(taker));
        }
    }

    private static String typeOf(Object object) {
        ObjectHash.Type type = object instanceof Image.Pipe
                ? ObjectHash.Type.INODE
                : object instanceof Image.Table ? ObjectHash.Type.FILE_TABLE : ObjectHash.Type.FILE;
        return object instanceof Integer objtype ? "object of type " + objtype : type.toString();
    }

    private void readTable(int objref) throws IOException {
        int count = SmallRecords.FileTable.decode(records.expect(RecordType.FILE_TABLE));
        List<Image.Descriptor> descriptors = new ArrayList<>(credible(count));
        Map<Integer, Image.OtherFile> others = new LinkedHashMap<>(0);
        objects.put(objref, new Image.Table(objref, descriptors, others));
        Set<Integer> met = new HashSet<>();
        for (int i = 0; i < count; i++) {
            records.next();
            readAll(0, true);
            records.expectType(RecordType.FILE_DESC);
            SmallRecords.FileDesc found = SmallRecords.FileDesc.decode(cursor);
            if (!met.add(found.fd())) {
                throw cursor.malformed("fd_descriptor", Integer.toString(found.fd()), "a number not yet in its table");
            }
            Object file = objects.get(found.fileObjref());
            if (file instanceof Image.Description description) {
                descriptors.add(new Image.Descriptor(found.fd(), found.closeOnExec(), description));
            } else if (file instanceof Image.OtherFile other) {
                others.put(found.fd(), other);
            } else {
                throw cursor.malformed("fd_objref", Integer.toString(found.fileObjref()), "that of a FILE before it");
            }
        }
        records.next();
    }

    /** Returns as many of so many descriptors as there is room for in the rest of the image. */
    private int credible(int descriptors) {
        long room = (sizeBytes - cursor.offset()) / RecordType.FILE_DESC.lengthBytes();
        return (int) Math.min(descriptors, Math.min(room, Image.MOST_DESCRIPTORS));
    }

    private void readFile(int objref, int depth, boolean forTable) throws IOException {
        records.next();
        readAll(depth + 1, false);
        records.expectType(RecordType.FILE);
        Image.OtherFile other = FileRecord.otherFile(cursor);
        if (other == null) {
            readDescription(objref, forTable);
            return;
        }
        objects.put(objref, other);
        records.leaveOut();
        records.next();
        if (records.isAt(RecordType.FILE_NAME)) {
            records.leaveOut();
            records.next();
        }
    }

    /** Reads FILE, what belongs to it, and the pipe, where it is met for the first time; ends at the record that follows. */
    private void readDescription(int objref, boolean forTable) throws IOException {
        FileRecord file = FileRecord.decode(cursor);
        if (!forTable) {
            throw cursor.malformed("FILE: found a pipe's outside of a table, expected it before the FILE_DESC that needs it");
        }
        int pipeObjref = file.pipeObjref();
        Image.Pipe pipe = pipes.get(pipeObjref);
        if (pipe != null) {
            int fileType = pipe.isFifo() ? FileRecord.TYPE_FIFO : FileRecord.TYPE_PIPE;
            cursor.expectInt("f_type of one more description of its pipe", file.fileType(), fileType);
        } else if (pipeObjref == objref || objects.containsKey(pipeObjref)) {
            throw cursor.malformed("pipe_objref", Integer.toString(pipeObjref), "the objref of a pipe");
        }
        byte[] path = file.isFifo() ? FileNameRecord.decode(records.expect(RecordType.FILE_NAME)) : null;
        records.next();
        Image.Owner owner = null;
        if (records.isAt(RecordType.OWNER)) {
            owner = SmallRecords.Owner.decode(cursor);
            records.next();
        }
        if (pipe == null) {
            pipe = readPipe(file);
            objects.put(pipeObjref, pipe);
            pipes.put(pipeObjref, pipe);
            records.next();
        }
        objects.put(objref, new Image.Description(objref, file.flags(), file.version() != 0, path, owner, pipeObjref));
    }

    private Image.Pipe readPipe(FileRecord file) throws IOException {
        int objref = file.pipeObjref();
        PipeStateRecord state = null;
        Slots slots = null;
        InfoRecord info = records.info();
        if (records.isAt(RecordType.PIPE_STATE)) {
            state = PipeStateRecord.decode(cursor);
            cursor.expectInt("pipe_objref", state.pipeObjref(), objref);
            records.next();
        }
        if (records.isAt(RecordType.SLOTS)) {
            if (info == null) {
                throw cursor.malformed("SLOTS: no INFO before it, expected one, which tells the size of a page");
            }
            SlotsRecord decoded = SlotsRecord.decode(cursor, info.pageSizeBytes());
            cursor.expectInt("pipe_objref", decoded.pipeObjref(), objref);
            slots = decoded.slots();
            records.next();
        }
        records.expectType(RecordType.PIPE_BUF);
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
                records.pageSizeBytes(), cursor.offset() + ImageRecord.HEADER_LENGTH, payload);
    }
}
