// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.SlotsRecord;
import io.standpipe.internal.pipes.SlotProbe;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.pipe.ErrnoException;




import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What a snapshot holds, told as an image would tell it. */
public final class SnapshotContents {

    private final List<Image.Process> processes = new ArrayList<>();
    private final Map<Integer, SavedPipe> held = new HashMap<>();
    private final Map<SavedPipe, Image.Pipe> pipes = new IdentityHashMap<>();
    private final Map<SavedDescription, Image.Description> descriptions = new IdentityHashMap<>();

    /** Looks at all that was collected, and how it lies in its slots. */
    public SnapshotContents(DescriptorCollector collected) throws StandpipeException {
        try (SlotProbe probe = new SlotProbe()) {
            for (SavedPipe pipe : collected.pipes()) {
                held.put(pipe.objref(), pipe);
                pipes.put(pipe, look(pipe, probe));
            }
        } catch (ErrnoException e) {
            throw Failures.of("a snapshot", e);
        }
        Map<SavedTable, Image.Table> tables = new IdentityHashMap<>();
        for (SavedProcess process : collected.processes()) {
            processes.add(new Image.Process(process.task(), tables.computeIfAbsent(process.table(), this::table)));
        }
    }

    List<Image.Process> processes() {
        return processes;
    }

    /** What there is of the pipe that has an objref. */
    SavedPipe held(int objref) {
        return held.get(objref);
    }

    private static Image.Pipe look(SavedPipe pipe, SlotProbe probe) throws StandpipeException, ErrnoException {
        CapturedPipe held = pipe.held();
        SlotsRecord slots = null;
        if (held.fd() != null) {
            slots = probe.find(pipe, held.fd().number(), held.capacityBytes(), held.lengthBytes());
        }
        return new Image.Pipe(
                pipe.objref(), pipe.fileType(), pipe.state(held.capacityBytes(), pipe.outside(), held.lengthBytes()),
                slots, PageSize.SIZE_BYTES, slots == null ? 0 : slots.phase(PageSize.SIZE_BYTES), held.lengthBytes());
    }

    private Image.Table table(SavedTable table) {
        List<Image.Descriptor> descriptors = new ArrayList<>();
        for (SavedDescriptor saved : table.descriptors()) {
            descriptors.add(new Image.Descriptor(
                    saved.number(), saved.closeOnExec(),
                    descriptions.computeIfAbsent(saved.description(), this::description)));
        }
        return new Image.Table(table.objref(), descriptors);
    }

    private Image.Description description(SavedDescription saved) {
        return new Image.Description(
                saved.objref(), saved.record(), saved.name(), saved.owner(), pipes.get(saved.pipe()));
    }
}
