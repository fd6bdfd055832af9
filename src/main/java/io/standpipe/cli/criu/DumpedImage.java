// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.internal.sys.Flags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A dump of CRIU as an image: the same processes, descriptors and pipes, with objrefs. */
public final class DumpedImage {

    /** The capacity of a pipe in {@link #shown} if it was not saved, and neither was what was queued. */
    public static final int UNKNOWN_CAPACITY = 0;

    private static final Image.Table NO_TABLE = new Image.Table(0, List.of(), Map.of());
    private static final int USUAL_MODE = Flags.S_IFIFO | 0600;

    private final CriuDump dump;
    private final boolean toBeWritten;
    private final Map<Long, Image.Description> descriptions = new HashMap<>();
    private final Map<Long, Image.Table> tables = new HashMap<>();
    private final Map<Integer, Image.Pipe> pipes = new LinkedHashMap<>();
    private final Map<CriuDump.PipeId, Integer> pipeObjrefs = new HashMap<>();
    private int objrefs;

    private DumpedImage(CriuDump dump, boolean toBeWritten) {
        this.dump = dump;
        this.toBeWritten = toBeWritten;
    }

    /**
     * Returns the image for people: all processes and pipes. The objref of a pipe is the number of its inode, to be read without a sign,
     * and that of a description is its id, as CRIU has them.
     */
    public static Image shown(CriuDump dump) {
        return new DumpedImage(dump, false).image();
    }

    /**
     * Returns the image to be written: processes that had not ended, and the pipes that these have descriptors of. What CRIU did not
     * save is as if the first process that has a pipe had just made it: empty, of the usual capacity, its own, with mode 0600.
     */
    public static Image imported(CriuDump dump) {
        return new DumpedImage(dump, true).image();
    }

    private Image image() {
        List<Image.Process> processes = new ArrayList<>();
        for (CriuDump.Process process : dump.processes()) {
            if (process.table() != null || !toBeWritten) {
                processes.add(process(process));
            }
        }
        if (!toBeWritten) {
            dump.pipes().forEach(pipe -> pipe(pipe, null, null));
        }
        Image.Origin origin = new Image.Origin(dump.timeSeconds(), "", "", dump.machine(), null);
        return new Image(origin, processes, pipes, 0, 0, 0, dump.sizeBytes());
    }

    private Image.Process process(CriuDump.Process process) {
        CriuDump.Table dumped = process.table();
        Image.Table table = dumped == null ? NO_TABLE : tables.get(dumped.id());
        if (dumped != null && table == null) {
            List<Image.Descriptor> descriptors = new ArrayList<>();
            for (CriuDump.Descriptor each : dumped.descriptors()) {
                descriptors.add(new Image.Descriptor(each.fd(), each.closeOnExec(), description(each.end(), process)));
            }
            table = new Image.Table(objref(dumped.id()), descriptors, Map.of());
            tables.put(dumped.id(), table);
        }
        Image.Program program = process.name() == null || process.userId().isEmpty() ? null
                : new Image.Program(process.name(), new byte[0], false, process.userId().getAsLong(), null);
        return new Image.Process(
                process.pid(), process.parentPid(), process.pid(), process.processGroup(), process.session(), 0, program,
                Objects.requireNonNull(table));
    }

    private int objref(long number) {
        return toBeWritten ? ++objrefs : (int) number;
    }

    private Image.Description description(CriuDump.End end, CriuDump.Process process) {
        Image.Description known = descriptions.get(end.id());
        if (known == null) {
            known = new Image.Description(
                    objref(end.id()), end.flags(), false, end.path(), end.owner(), pipe(end.pipe(), end, process));
            descriptions.put(end.id(), known);
        }
        return known;
    }

    /**
     * Adds a pipe, unless it has been added; returns its objref.
     *
     * @param end that was met first, of the process that was met first; null if only contents were saved
     */
    private int pipe(CriuDump.PipeId id, CriuDump.@Nullable End end, CriuDump.@Nullable Process process) {
        Integer known = pipeObjrefs.get(id);
        if (known != null) {
            return known;
        }
        int objref = objref(id.number());
        while (pipes.containsKey(objref)) { // A pipe and a FIFO may have the same number.
            objref++;
        }
        pipeObjrefs.put(id, objref);
        CriuDump.Contents contents = dump.contents().get(id);
        pipes.put(objref, new Image.Pipe(
                objref, id.isFifo(), toBeWritten && end != null && process != null ? inode(end, process) : null, capacity(contents),
                end != null && end.unlinked(), Image.ExternalEnds.UNKNOWN, null, OptionalInt.empty(),
                contents == null ? 0 : contents.offsetBytes(), contents == null ? 0 : contents.lengthBytes()));
        return objref;
    }

    private int capacity(CriuDump.@Nullable Contents contents) {
        if (contents == null) {
            return toBeWritten ? Image.Pipe.DEFAULT_CAPACITY_BYTES : UNKNOWN_CAPACITY;
        }
        return contents.capacityBytes().isPresent() ? (int) contents.capacityBytes().getAsLong() : Image.Pipe.DEFAULT_CAPACITY_BYTES;
    }

    private static Image.Inode inode(CriuDump.End end, CriuDump.Process process) {
        OptionalLong mode = end.mode();
        return new Image.Inode(
                0, end.pipe().number(), process.userId().orElse(0), process.groupId().orElse(0),
                mode.isPresent() ? (int) mode.getAsLong() : USUAL_MODE);
    }
}
