// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.image.Image;
import io.standpipe.image.SlotsRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What a snapshot holds, to be restored without an image in between: its pipes are cloned once more, and moved. */
final class SnapshotInput implements RestoreSource {

    private final Collector collected;
    private final PipeClone clone;
    private PipeBytes bytes;
    private final Map<Integer, SavedPipe> pipes = new HashMap<>();
    private final Map<SavedPipe, Image.Pipe> found = new IdentityHashMap<>();
    private final Map<SavedDescription, Image.Description> descriptions = new IdentityHashMap<>();

    SnapshotInput(Collector collected) throws StandpipeException {
        this.collected = collected;
        clone = new PipeClone();
    }

    @Override
    public List<Image.Process> processes() throws StandpipeException {
        try (SlotProbe probe = new SlotProbe()) {
            for (SavedPipe pipe : collected.pipes()) {
                pipes.put(pipe.objref, pipe);
                found.put(pipe, look(pipe, probe));
            }
        } catch (ErrnoException e) {
            throw Failure.of(toString(), e);
        }
        Map<SavedTable, Image.Table> tables = new IdentityHashMap<>();
        List<Image.Process> processes = new ArrayList<>();
        for (SavedProcess process : collected.processes()) {
            processes.add(new Image.Process(process.task(), tables.computeIfAbsent(process.table(), this::table)));
        }
        return processes;
    }

    private Image.Pipe look(SavedPipe pipe, SlotProbe probe) throws StandpipeException, ErrnoException {
        HeldClone held = pipe.held();
        SlotsRecord slots = null;
        if (held.fd() != null) {
            clone.take(held.fd().number(), pipe.toString());
            slots = probe.find(pipe, clone, held.lengthBytes());
            clone.empty();
        }
        return new Image.Pipe(
                pipe.objref, pipe.fileType(), pipe.state(held.capacityBytes(), pipe.outside(), held.lengthBytes()),
                slots, slots == null ? 0 : slots.phase(HostPage.SIZE_BYTES), held.lengthBytes());
    }

    private Image.Table table(SavedTable table) {
        List<Image.Descriptor> descriptors = new ArrayList<>();
        for (SavedDescriptor saved : table.descriptors) {
            descriptors.add(new Image.Descriptor(
                    saved.number(), saved.closeOnExec(),
                    descriptions.computeIfAbsent(saved.description(), this::description)));
        }
        return new Image.Table(table.objref, descriptors);
    }

    private Image.Description description(SavedDescription saved) {
        return new Image.Description(
                saved.objref, saved.record(), saved.name, saved.owner, found.get(saved.pipe));
    }

    @Override
    public void begin(Image.Pipe pipe) throws StandpipeException {
        SavedPipe held = pipes.get(pipe.objref());
        if (held.held().fd() != null) {
            clone.empty();
            clone.take(held.held().fd().number(), held.toString());
        }
    }

    @Override
    public void splice(int pipe, long offsetBytes, long lengthBytes) throws StandpipeException, ErrnoException {
        for (long left = lengthBytes; left > 0; ) {
            long moved = PipeCalls.splice(clone.readEnd(), PipeCalls.NO_OFFSET, pipe, PipeCalls.NO_OFFSET, left);
            if (moved <= 0) {
                throw new StandpipeException("pipe took all but " + left + " bytes (EPIPE)");
            }
            left -= moved;
        }
    }

    @Override
    public void read(long offsetBytes, NativeMemory into, int lengthBytes) throws StandpipeException {
        try {
            if (bytes == null) {
                bytes = new PipeBytes();
            }
            for (int done = 0; done < lengthBytes; ) {
                int taken = bytes.next(clone.readEnd(), lengthBytes - done);
                if (taken == 0) {
                    throw new StandpipeException(this + ": " + (lengthBytes - done) + " bytes short (EPIPE)");
                }
                into.buffer().put(done, bytes.memory().buffer(), 0, taken);
                done += taken;
            }
        } catch (ErrnoException e) {
            throw Failure.of(toString(), e);
        }
    }

    @Override
    public void send(long offsetBytes, long lengthBytes, Outlet outlet) throws StandpipeException {
        outlet.splice(clone.readEnd(), lengthBytes);
    }

    @Override
    public String toString() {
        return "snapshot of " + collected.processes().size() + " processes";
    }

    @Override
    public void close() {
        if (bytes != null) {
            bytes.close();
        }
        clone.close();
    }
}
