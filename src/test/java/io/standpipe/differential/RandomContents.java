// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.util.Random;

/**
 * Fills a pipe at random: writes and reads, packet mode on and off, other capacities, buffers put in by tee, by splice from a
 * file and by splice from another pipe.
 */
final class RandomContents {

    private static final int MOST_BYTES = 3 * PipeModel.PAGE;

    private final Random random;
    private final int reader;
    private final int writer;
    private final Fd file;
    private final NativeMemory memory = NativeMemory.nativeOrder(MOST_BYTES);
    private final PipeModel model = new PipeModel();
    private boolean packets;

    /** @param file where to splice from; its length is that of {@link PipeModel#PAGE} times 8 */
    RandomContents(Random random, int reader, int writer, Fd file) {
        this.random = random;
        this.reader = reader;
        this.writer = writer;
        this.file = file;
    }

    /**
     * Takes so many steps. One thing is left out, which the README names among the limits: a pipe that is not full, whose
     * last buffer is shorter than a page and was not made by plain writes. There a page more is written, which makes a
     * buffer of its own.
     */
    void fill(int steps) throws ErrnoException {
        setCapacity();
        for (int i = 0; i < steps; i++) {
            step();
        }
        if (model.isAmbiguous() && model.count() * PipeModel.PAGE < Pipes.capacityBytes(writer)) {
            write(PipeModel.PAGE);
        }
    }

    /** Whether only a full pipe that has a writer tells what its last buffer takes. */
    boolean isAmbiguous() {
        return model.isAmbiguous();
    }

    private void step() throws ErrnoException {
        int choice = random.nextInt(14);
        if (choice < 5) {
            write(size());
        } else if (choice < 7) {
            int wanted = size();
            if (PipeCalls.read(reader, memory, 0, wanted) > 0) {
                model.read(wanted);
            }
        } else if (choice < 8) {
            packets = !packets;
            FdCalls.setStatusFlags(writer, Flags.O_NONBLOCK | (packets ? Flags.oDirect() : 0));
        } else if (choice < 10) {
            tee();
        } else if (choice < 12) {
            spliceFile();
        } else if (choice < 13) {
            splicePipe();
        } else {
            setCapacity();
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

    private void setCapacity() throws ErrnoException {
        int pages = 1 << random.nextInt(6);
        if (pages >= model.count()) {
            Pipes.setCapacityBytes(writer, pages * PipeModel.PAGE);
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

    private void spliceFile() throws ErrnoException {
        int offset = random.nextInt(5 * PipeModel.PAGE);
        int length = random.nextBoolean() ? size() : 1 + random.nextInt(20);
        long moved = Pipes.splice(file.number(), offset, writer, Pipes.NO_OFFSET, length, SPLICE_F_NONBLOCK);
        for (long left = moved, at = offset; left > 0; ) {
            int placed = (int) Math.min(left, PipeModel.PAGE - at % PipeModel.PAGE);
            model.placed(placed, false);
            left -= placed;
            at += placed;
        }
    }

    /** Moves a buffer out of another pipe: a whole one goes on taking writes, a part of one does not. */
    private void splicePipe() throws ErrnoException {
        try (OtherPipe other = new OtherPipe()) {
            boolean packet = random.nextBoolean();
            int length = other.fill(packet);
            int part = random.nextBoolean() ? length : 1 + random.nextInt(length);
            if (Pipes.splice(other.read.number(), writer, part, SPLICE_F_NONBLOCK) > 0) {
                model.moved(part, packet, part == length);
            }
        }
    }

    private void tee() throws ErrnoException {
        try (OtherPipe other = new OtherPipe()) {
            boolean packet = random.nextBoolean();
            int length = other.fill(packet);
            int times = 1 + random.nextInt(5);
            for (int i = 0; i < times; i++) {
                if (Pipes.tee(other.read.number(), writer, length, SPLICE_F_NONBLOCK) > 0) {
                    model.placed(length, packet);
                }
            }
        }
    }

    private final class OtherPipe implements AutoCloseable {

        private final Fd read;
        private final Fd write;

        OtherPipe() throws ErrnoException {
            PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            read = ends.readEnd();
            write = ends.writeEnd();
        }

        /** Puts a single buffer in; returns its length. */
        int fill(boolean packet) throws ErrnoException {
            FdCalls.setStatusFlags(write.number(), packet ? Flags.oDirect() : 0);
            int length = 1 + random.nextInt(random.nextBoolean() ? 1 : PipeModel.PAGE);
            return (int) FileCalls.write(write.number(), memory, 0, length);
        }

        @Override
        public void close() {
            read.close();
            write.close();
        }
    }
}
