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
        String release = BufferRecord.decodeUts(expect(RecordType.BUFFER), header.releaseLength());
        String version = BufferRecord.decodeUts(expect(RecordType.BUFFER), header.versionLength());
        String machine = BufferRecord.decodeUts(expect(RecordType.BUFFER), header.machineLength());
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
        TailRecord.check(expect(RecordType.TAIL));
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
        RecordReader view;
        try {
            view = cursor.next();
        } catch (MalformedImageException e) {
            throw cursor.malformed("not an image: it does not begin with a HEADER");
        }
        if (cursor.type() != RecordType.HEADER) {
            throw cursor.malformed("not an image: it begins with " + RecordType.name(cursor.type()) + ", expected HEADER");
        }
        return HeaderRecord.decode(view);
    }

    /** The table of one process: its own, which comes here, or one that came with an earlier process. */
    private Image.Table readTaskObjects() throws IOException {
        RecordReader view = nextRecord();
        if (cursor.type() == RecordType.OBJREF) {
            ObjrefRecord objref = ObjrefRecord.decode(view);
            view.expectInt("objtype", objref.objtype(), ObjrefRecord.TYPE_FILE_TABLE);
            checkFree(view, objref.objref());
            int count = FileTableRecord.decode(expect(RecordType.FILE_TABLE)).descriptors();
            Image.Table table = new Image.Table(objref.objref(), new ArrayList<>(credible(count)));
            objects.put(objref.objref(), table);
            readTable(table, count);
            view = nextRecord();
        }
        expectType(RecordType.TASK_OBJS);
        int files = TaskObjsRecord.decode(view).filesObjref();
        Image.Table table = object(Image.Table.class, files);
        if (table == null) {
            throw view.malformed("files_objref", Integer.toString(files), "that of a FILE_TABLE before it");
        }
        return table;
    }

    /** As many of so many descriptors as there is room for in the rest of the image. */
    private int credible(int descriptors) {
        long room = (sizeBytes - cursor.offset()) / FileDescRecord.LENGTH;
        return (int) Math.min(descriptors, Math.min(room, Image.MOST_DESCRIPTORS));
    }

    private void readTable(Image.Table table, int count) throws IOException {
        Set<Integer> met = new HashSet<>();
        for (int i = 0; i < count; i++) {
            RecordReader view = nextRecord();
            if (cursor.type() == RecordType.OBJREF) {
                ObjrefRecord objref = ObjrefRecord.decode(view);
                view.expectInt("objtype", objref.objtype(), ObjrefRecord.TYPE_FILE);
                checkFree(view, objref.objref());
                view = readDescription(objref.objref());
            }
            expectType(RecordType.FILE_DESC);
            FileDescRecord descriptor = FileDescRecord.decode(view);
            Image.Description description = object(Image.Description.class, descriptor.fileObjref());
            if (description == null) {
                throw view.malformed(
                        "fd_objref", Integer.toString(descriptor.fileObjref()), "that of a FILE before it");
            }
            if (!met.add(descriptor.number())) {
                throw view.malformed(
                        "fd_descriptor", Integer.toString(descriptor.number()), "a number not yet in its table");
            }
            table.descriptors().add(new Image.Descriptor(
                    descriptor.number(), descriptor.closeOnExec(), description));
        }
    }

    /** FILE, what belongs to it, and where its pipe is met for the first time, the pipe; returns the record that follows. */
    private RecordReader readDescription(int objref) throws IOException {
        RecordReader view = expect(RecordType.FILE);
        FileRecord file = FileRecord.decode(view);
        int pipeObjref = file.pipeObjref();
        Image.Pipe pipe = pipes.get(pipeObjref);
        if (pipe != null) {
            view.expectInt("f_type of one more description of its pipe", file.fileType(), pipe.isFifo() ? FileRecord.TYPE_FIFO : FileRecord.TYPE_PIPE);
        } else if (pipeObjref == objref || objects.containsKey(pipeObjref)) {
            throw view.malformed("pipe_objref", Integer.toString(pipeObjref), "the objref of a pipe");
        }
        byte[] path = file.isFifo() ? FileNameRecord.decode(expect(RecordType.FILE_NAME)).path() : null;
        RecordReader next = nextRecord();
        Image.Owner owner = null;
        if (cursor.type() == RecordType.OWNER) {
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
        RecordReader view = first;
        if (cursor.type() == RecordType.PIPE_STATE) {
            state = PipeStateRecord.decode(view);
            view.expectInt("pipe_objref", state.pipeObjref(), objref);
            view = nextRecord();
        }
        if (cursor.type() == RecordType.SLOTS) {
            if (info == null) {
                throw cursor.malformed("SLOTS: no INFO before it, expected one, which tells the size of a page");
            }
            SlotsRecord record = SlotsRecord.decode(view, info.pageSizeBytes());
            view.expectInt("pipe_objref", record.pipeObjref(), objref);
            slots = record.slots();
            view = nextRecord();
        }
        expectType(RecordType.PIPE_BUF);
        long payload = cursor.length() - ImageRecord.HEADER_LENGTH;
        if (state != null && state.queuedBytes() != payload) {
            throw view.malformed("payload", payload + " bytes", state.queuedBytes() + ", what PIPE_STATE has queued");
        }
        if (slots != null && slots.totalBytes() != payload) {
            throw view.malformed("payload", payload + " bytes", slots.totalBytes() + ", what is in SLOTS");
        }
        return new Image.Pipe(
                objref, file.isFifo(), state == null ? null : state.inode(),
                state == null ? Image.Pipe.DEFAULT_CAPACITY_BYTES : state.capacityBytes(),
                state != null && state.isUnlinked(), state == null ? Image.ExternalEnds.UNKNOWN : state.external(), slots,
                info == null ? 0 : info.pageSizeBytes(), cursor.offset() + ImageRecord.HEADER_LENGTH, payload);
    }

    private void checkFree(RecordReader view, int objref) throws MalformedImageException {
        Object taker = objects.get(objref);
        if (taker != null) {
            throw view.malformed("objref", Integer.toString(objref), "a new one, and that is a " + typeOf(taker));
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

    private RecordReader expect(int type) throws IOException {
        RecordReader view = nextRecord();
        expectType(type);
        return view;
    }

    private void expectType(int type) throws IOException {
        if (cursor.type() == RecordType.ERROR) {
            throw gaveUp();
        }
        if (cursor.type() != type) {
            throw cursor.malformed("found " + RecordType.name(cursor.type()) + ", expected " + RecordType.name(type));
        }
    }

    /** Whoever wrote may have said why. */
    private MalformedImageException gaveUp() throws IOException {
        long at = cursor.offset();
        String told = "ERROR: whoever wrote the image gave up before its end";
        try {
            RecordReader view = cursor.next();
            if (cursor.type() == RecordType.STRING) {
                told += ": " + EscapedPath.of(StringRecord.decode(view, cursor.length()).text());
            }
        } catch (MalformedImageException e) {
            told += " (and not why: " + e.getMessage() + ")";
        }
        return new MalformedImageException(at, told);
    }

    /** The next record that is part of the structure; extensions that may stand anywhere are dealt with here. */
    private RecordReader nextRecord() throws IOException {
        while (true) {
            RecordReader view = cursor.next();
            int type = cursor.type();
            if (digestSeen && type != RecordType.TAIL) {
                throw cursor.malformed("found " + RecordType.name(type) + " behind DIGEST, expected TAIL");
            }
            if (type == RecordType.INFO) {
                readInfo(view);
            } else if (type == RecordType.DIGEST) {
                DigestRecord.check(view, cursor.crcBefore(), cursor.coveredBefore());
                digestSeen = true;
            } else if (!RecordType.isExtension(type) || isStructure(type)) {
                return view;
            } else if (type != RecordType.PAD) {
                unknownRecords++;
            }
        }
    }

    /** Extensions that have a place of their own among the other records. */
    private static boolean isStructure(int type) {
        return type == RecordType.PIPE_STATE || type == RecordType.SLOTS || type == RecordType.OWNER;
    }

    private void readInfo(RecordReader view) throws MalformedImageException {
        if (info != null) {
            throw cursor.malformed("INFO: found a second one, expected none");
        }
        info = InfoRecord.decode(view);
    }

    /** Returns the bare list of records of an image that has been read and checked. */
    public static List<Image.RecordEntry> records(ImageSource source) throws IOException {
        RecordCursor cursor = new RecordCursor(source);
        List<Image.RecordEntry> entries = new ArrayList<>();
        do {
            cursor.next();
            entries.add(new Image.RecordEntry(cursor.offset(), RecordType.name(cursor.type()), cursor.type(), cursor.length()));
        } while (cursor.type() != RecordType.TAIL);
        return entries;
    }
}
