// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.FileCalls;
import io.standpipe.bridge.Flags;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random operations on one of two pipes: from the same seed, the same ones. What comes of each is told as a line. */
final class Operations {

    private static final int MOST_BYTES = 5 * PipeModel.PAGE;

    private final Random random;
    private final List<Fd> descriptors;
    private final NativeMemory memory = NativeMemory.nativeOrder(1 << 20);

    Operations(long seed, List<Fd> descriptors) {
        random = new Random(seed);
        this.descriptors = descriptors;
    }

    boolean isOver() {
        return descriptors.isEmpty();
    }

    /** Does the next operation. */
    String next(boolean closing) {
        int index = random.nextInt(descriptors.size());
        Fd fd = descriptors.get(index);
        int choice = random.nextInt(20);
        int size = random.nextInt(3) == 0 ? PipeModel.PAGE : 1 + random.nextInt(random.nextBoolean() ? 9 : MOST_BYTES);
        try {
            if (closing) {
                long length = PipeCalls.read(fd.number(), memory, 0, size);
                descriptors.remove(index).close();
                return "read " + size + ", close " + index + ": " + bytes(length);
            }
            return "descriptor " + index + ", " + operation(choice, fd.number(), size);
        } catch (ErrnoException e) {
            if (closing) {
                descriptors.remove(index).close();
            }
            return "descriptor " + index + ", choice " + choice + ", size " + size + ": " + e.reason();
        }
    }

    private String operation(int choice, int fd, int size) throws ErrnoException {
        if (choice < 6) {
            return "read " + size + ": " + bytes(PipeCalls.read(fd, memory, 0, size));
        }
        if (choice < 12) {
            random.nextBytes(new byte[1]);
            memory.buffer().put(0, (byte) size);
            return "write " + size + ": " + FileCalls.write(fd, memory, 0, size);
        }
        if (choice < 14) {
            return "poll: " + PipeCalls.poll(fd, Flags.POLLIN | Flags.POLLOUT);
        }
        if (choice < 16) {
            return "FIONREAD: " + PipeCalls.queuedBytes(fd) + ", F_GETPIPE_SZ: " + PipeCalls.capacityBytes(fd)
                    + ", F_GETFL: " + DescriptorCalls.statusFlags(fd);
        }
        if (choice == 16) {
            return "F_SETPIPE_SZ: " + PipeCalls.setCapacityBytes(fd, PipeModel.PAGE << random.nextInt(6));
        }
        if (choice == 17) {
            DescriptorCalls.setStatusFlags(fd, Flags.O_NONBLOCK | (random.nextBoolean() ? Flags.oDirect() : 0));
            return "F_SETFL: " + DescriptorCalls.statusFlags(fd);
        }
        return moveAside(choice == 18, fd, size);
    }

    /** Tees or splices into a pipe of two buffers, and reads what came. */
    private String moveAside(boolean tee, int fd, int size) throws ErrnoException {
        long ends = PipeCalls.pipe();
        try (Fd r = Fd.owning(PipeCalls.readEnd(ends)); Fd w = Fd.owning(PipeCalls.writeEnd(ends))) {
            PipeCalls.setCapacityBytes(w.number(), 2 * PipeModel.PAGE);
            DescriptorCalls.setStatusFlags(r.number(), Flags.O_NONBLOCK);
            long moved = tee
                    ? PipeCalls.tee(fd, w.number(), size)
                    : PipeCalls.splice(fd, PipeCalls.NO_OFFSET, w.number(), PipeCalls.NO_OFFSET, size);
            return (tee ? "tee " : "splice ") + size + ": " + moved + ", "
                    + bytes(PipeCalls.read(r.number(), memory, 0, 2 * PipeModel.PAGE));
        }
    }

    private String bytes(long length) {
        if (length <= 0) {
            return Long.toString(length);
        }
        byte[] read = new byte[(int) length];
        memory.buffer().get(0, read);
        return length + " bytes of hash " + Arrays.hashCode(read);
    }
}
