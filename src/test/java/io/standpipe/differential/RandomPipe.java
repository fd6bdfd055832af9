// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A pipe in a random state: capacity, writes, reads, packet mode on and off, buffers put in by tee, several descriptions.
 * One thing it leaves out, which the README names among the limits: a pipe that is not full, whose last buffer is shorter
 * than a page and was not made by plain writes. There it writes a page more, which makes a buffer of its own.
 */
final class RandomPipe implements AutoCloseable {

    private static final int MOST_BYTES = 3 * PipeModel.PAGE;

    final List<Fd> descriptors = new ArrayList<>();
    private final Random random;
    private final NativeMemory memory = NativeMemory.nativeOrder(MOST_BYTES);
    private final PipeModel model = new PipeModel();
    private final int reader;
    private final int writer;
    private boolean packets;

    RandomPipe(long seed) throws ErrnoException {
        random = new Random(seed);
        long ends = PipeCalls.pipe();
        descriptors.add(Fd.owning(PipeCalls.readEnd(ends)));
        descriptors.add(Fd.owning(PipeCalls.writeEnd(ends)));
        reader = PipeCalls.readEnd(ends);
        writer = PipeCalls.writeEnd(ends);
        DescriptorCalls.setStatusFlags(reader, Flags.O_NONBLOCK);
        DescriptorCalls.setStatusFlags(writer, Flags.O_NONBLOCK);
        PipeCalls.setCapacityBytes(writer, PipeModel.PAGE << random.nextInt(6));
        int steps = random.nextInt(40);
        for (int i = 0; i < steps; i++) {
            step();
        }
        if (model.isAmbiguous() && model.count() * PipeModel.PAGE < PipeCalls.capacityBytes(writer)) {
            write(PipeModel.PAGE);
        }
        describe();
    }

    private void step() throws ErrnoException {
        int choice = random.nextInt(10);
        if (choice < 5) {
            write(size());
        } else if (choice < 7) {
            int wanted = size();
            if (PipeCalls.read(reader, memory, 0, wanted) > 0) {
                model.read(wanted);
            }
        } else if (choice < 8) {
            packets = !packets;
            DescriptorCalls.setStatusFlags(writer, Flags.O_NONBLOCK | (packets ? Flags.oDirect() : 0));
        } else {
            tee();
        }
    }

    private int size() {
        switch (random.nextInt(5)) {
            case 0:
                return 1 + random.nextInt(3);
            case 1:
                return PipeModel.PAGE;
            case 2:
                return PipeModel.PAGE - 3 + random.nextInt(7);
            case 3:
                return 1 + random.nextInt(MOST_BYTES);
            default:
                return 1 + random.nextInt(300);
        }
    }

    private void write(int length) throws ErrnoException {
        for (int i = 0; i < length; i++) {
            memory.buffer().put(i, (byte) random.nextInt());
        }
        long taken = FileCalls.write(writer, memory, 0, length);
        if (taken > 0) {
            model.written(length, taken, packets);
        }
    }

    private void tee() throws ErrnoException {
        long ends = PipeCalls.pipe();
        try (Fd from = Fd.owning(PipeCalls.readEnd(ends)); Fd to = Fd.owning(PipeCalls.writeEnd(ends))) {
            boolean packet = random.nextBoolean();
            DescriptorCalls.setStatusFlags(to.number(), packet ? Flags.oDirect() : 0);
            int length = 1 + random.nextInt(random.nextBoolean() ? 1 : PipeModel.PAGE);
            FileCalls.write(to.number(), memory, 0, length);
            int times = 1 + random.nextInt(5);
            for (int i = 0; i < times; i++) {
                if (PipeCalls.tee(from.number(), writer, length) > 0) {
                    model.placed(length, packet);
                }
            }
        }
    }

    /** More descriptions, or fewer. */
    private void describe() throws ErrnoException {
        int[] modes = {Flags.O_RDONLY, Flags.O_WRONLY, Flags.O_RDWR};
        for (int i = random.nextInt(3); i > 0; i--) {
            descriptors.add(FileCalls.reopen(reader, modes[random.nextInt(3)] | Flags.O_NONBLOCK));
        }
        if (random.nextInt(4) == 0) {
            descriptors.add(DescriptorCalls.duplicate(random.nextBoolean() ? reader : writer));
        }
        int lost = random.nextInt(6);
        // Without any writer a full pipe is not asked what its last buffer takes.
        if (lost == 0 || lost == 1 && !model.isAmbiguous()) {
            descriptors.remove(lost).close();
        }
    }

    int[] numbers() {
        return descriptors.stream().mapToInt(Fd::number).toArray();
    }

    @Override
    public void close() {
        descriptors.forEach(Fd::close);
    }
}
