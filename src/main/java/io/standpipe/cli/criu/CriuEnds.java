// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the open file descriptions of pipes and FIFOs: from {@code files.img}, or from {@code pipes.img}, {@code fifo.img} and
 * {@code reg-files.img}, which CRIU wrote before there was that file. A FIFO has its path in an entry of its own, which may come before
 * or after it: so the paths are read once it is known which are of FIFOs.
 */
final class CriuEnds {

    static final int TYPE_PIPE = 2;
    static final int TYPE_FIFO = 3;
    private static final int TYPE_PATH = 1;

    private static final int ENTRY_TYPE = 1;
    private static final int ENTRY_PATH = 3;
    private static final int ENTRY_FIFO = 17;
    private static final int ENTRY_PIPE = 18;

    private static final int ACCESS_MODE = 3;
    private static final int LAST_SIGNAL = 64;
    private static final int MOST_PATH_BYTES = 4095;

    private final CriuFiles files;
    private final Map<Long, CriuDump.End> ends = new LinkedHashMap<>();
    private final Map<Long, Fifo> fifosByPath = new LinkedHashMap<>();
    private final Set<Long> removedPaths = new HashSet<>();

    /** A FIFO whose path is not known yet. */
    private record Fifo(long id, CriuDump.PipeId pipe, CriuMessage entry) {}

    private CriuEnds(CriuFiles files) {
        this.files = files;
    }

    /** Returns the open file descriptions by their ids. */
    static Map<Long, CriuDump.End> read(CriuFiles files) throws StandpipeException {
        CriuEnds reader = new CriuEnds(files);
        reader.readRemovedPaths();
        if (files.has("files.img")) {
            files.forEach("files.img", CriuFileKind.FILES, reader::takeEntry);
            files.forEach("files.img", CriuFileKind.FILES, reader::takePathOfEntry);
        } else {
            files.forEach("pipes.img", CriuFileKind.PIPES, reader::takePipe);
            files.forEach("fifo.img", CriuFileKind.FIFOS, reader::takeFifo);
            files.forEach("reg-files.img", CriuFileKind.PATHS, reader::takePath);
        }
        for (Fifo fifo : reader.fifosByPath.values()) {
            throw fifo.entry().refused("regf_id", "none of a file with a path", "the id of one");
        }
        return reader.ends;
    }

    private void readRemovedPaths() throws StandpipeException {
        files.forEach("remap-fpath.img", CriuFileKind.REMOVED_PATHS, remap -> {
            removedPaths.add(remap.u32(1, "orig_id"));
            files.checkCount(removedPaths.size(), remap);
        });
    }

    private void takeEntry(CriuMessage entry) throws StandpipeException {
        long type = entry.u32(ENTRY_TYPE, "type");
        if (type == TYPE_PIPE) {
            takePipe(entry.message(ENTRY_PIPE, "pipe"));
        } else if (type == TYPE_FIFO) {
            takeFifo(entry.message(ENTRY_FIFO, "fifo"));
        }
    }

    private void takePathOfEntry(CriuMessage entry) throws StandpipeException {
        if (entry.u32(ENTRY_TYPE, "type") == TYPE_PATH) {
            takePath(entry.message(ENTRY_PATH, "reg"));
        }
    }

    private void takePipe(CriuMessage pipe) throws StandpipeException {
        long id = pipe.u32(1, "id");
        CriuDump.PipeId of = new CriuDump.PipeId(false, pipe.u32(2, "pipe_id"));
        add(pipe, new CriuDump.End(id, of, flags(pipe, 3), owner(pipe.message(4, "fown")), null, OptionalLong.empty(), false));
    }

    private void add(CriuMessage message, CriuDump.End end) throws ImageRefusedException {
        if (ends.putIfAbsent(end.id(), end) != null) {
            throw message.refused("id", end.id() + " for the second time", "another one for each file");
        }
        files.checkCount(ends.size(), message);
    }

    private void takeFifo(CriuMessage fifo) throws StandpipeException {
        long id = fifo.u32(1, "id");
        long path = fifo.u32(3, "regf_id", id);
        CriuDump.PipeId of = new CriuDump.PipeId(true, fifo.u32(2, "pipe_id"));
        if (fifosByPath.putIfAbsent(path, new Fifo(id, of, fifo)) != null) {
            throw fifo.refused("regf_id", path + " for the second time", "another one for each FIFO");
        }
        files.checkCount(fifosByPath.size(), fifo);
    }

    private void takePath(CriuMessage file) throws StandpipeException {
        long pathId = file.u32(1, "id");
        Fifo fifo = fifosByPath.remove(pathId);
        if (fifo == null) {
            return;
        }
        byte[] path = file.bytes(6, "name");
        if (path.length > MOST_PATH_BYTES || hasNul(path) || !isDirect(new String(path, StandardCharsets.ISO_8859_1))) {
            throw file.refused("name", "'" + EscapedPath.of(path) + "'", "an absolute path of at most " + MOST_PATH_BYTES
                    + " bytes, without empty, '.' or '..' components");
        }
        OptionalLong mode = file.fields().hasField(10) ? OptionalLong.of(file.u32(10, "mode")) : OptionalLong.empty();
        add(fifo.entry(), new CriuDump.End(
                fifo.id(), fifo.pipe(), flags(file, 2), owner(file.message(5, "fown")), path, mode, removedPaths.contains(pathId)));
    }

    /** Returns whether a path is as the kernel writes it. */
    private static boolean isDirect(String path) {
        for (String component : path.substring(Math.min(1, path.length())).split("/", -1)) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                return false;
            }
        }
        return path.startsWith("/");
    }

    static boolean hasNul(byte[] text) {
        for (byte each : text) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    private static int flags(CriuMessage message, int field) throws ImageRefusedException {
        int flags = message.notNegative(field, "flags");
        if ((flags & ACCESS_MODE) == ACCESS_MODE) {
            throw message.refused("access mode of flags", "3", "0 (O_RDONLY), 1 (O_WRONLY) or 2 (O_RDWR)");
        }
        return flags;
    }

    private static Image.@Nullable Owner owner(CriuMessage fown) throws ImageRefusedException {
        long signal = fown.u32(3, "signum");
        long type = fown.u32(4, "pid_type");
        int id = fown.notNegative(5, "pid");
        if (signal > LAST_SIGNAL || type >= Image.Owner.Type.values().length) {
            throw fown.refused("signum, pid_type", signal + ", " + type, "at most " + LAST_SIGNAL + ", and 0 to 2");
        }
        return signal == 0 && id == 0 ? null : new Image.Owner(Image.Owner.Type.values()[(int) type], id, (int) signal);
    }

    /** Returns what was queued in each pipe and FIFO of which CRIU saved that. */
    static Map<CriuDump.PipeId, CriuDump.Contents> readContents(CriuFiles files) throws StandpipeException {
        Map<CriuDump.PipeId, CriuDump.Contents> contents = new LinkedHashMap<>();
        readContents(files, false, CriuFileKind.PIPE_CONTENTS, contents);
        readContents(files, true, CriuFileKind.FIFO_CONTENTS, contents);
        return contents;
    }

    private static void readContents(
            CriuFiles files, boolean areFifos, CriuFileKind kind, Map<CriuDump.PipeId, CriuDump.Contents> contents)
            throws StandpipeException {
        Path path = files.path(CriuDump.contentsFile(new CriuDump.PipeId(areFifos, 0)));
        try (CriuImageFile file = CriuImageFile.openIfThere(path, kind)) {
            while (file != null && file.hasNext()) {
                CriuMessage entry = file.next();
                CriuDump.PipeId pipe = new CriuDump.PipeId(areFifos, entry.u32(1, "pipe_id"));
                long bytes = entry.u32(2, "bytes");
                OptionalLong capacity = entry.fields().hasField(3) ? OptionalLong.of(capacity(entry, bytes)) : OptionalLong.empty();
                CriuDump.Contents found = new CriuDump.Contents(capacity, file.skip(bytes, entry), bytes);
                if (contents.put(pipe, found) != null) {
                    throw entry.refused("pipe_id", pipe.number() + " for the second time", "another one for each pipe");
                }
                files.checkCount(contents.size(), entry);
            }
            files.count(file);
        }
    }

    private static long capacity(CriuMessage entry, long bytes) throws ImageRefusedException {
        int capacity = entry.notNegative(3, "size");
        if (Integer.bitCount(capacity) != 1 || capacity < bytes) {
            throw entry.refused("size", Integer.toString(capacity), "a power of two, and at least its bytes, " + bytes);
        }
        return capacity;
    }
}
