// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random operations on one of two pipes: from the same seed, the same ones. What comes of each is told as a line. */
final class Operations {

    private static final int MOST_BYTES = 5 * PipeModel.PAGE;

    /** What is told of a read that came to the end. */
    static final String END = " (end), ";

    private final Random random;
    private final List<Fd> descriptors;
    private final Fd file;
    private final NativeMemory memory = NativeMemory.nativeOrder(1 << 20);

    /** @param file where to splice from */
    Operations(long seed, List<Fd> descriptors, Fd file) {
        random = new Random(seed);
        this.descriptors = descriptors;
        this.file = file;
    }

    /** Does the next operation; while closing, every other one closes a descriptor, but for the last. */
    String next(boolean closing) {
        int index = random.nextInt(descriptors.size());
        int choice = random.nextInt(24);
        int size = random.nextInt(3) == 0 ? PipeModel.PAGE : 1 + random.nextInt(random.nextBoolean() ? 9 : MOST_BYTES);
        boolean close = closing ? random.nextBoolean() : random.nextInt(60) == 0;
        if (close && descriptors.size() > 1) {
            descriptors.remove(index).close();
            return "close " + index;
        }
        String what = "descriptor " + index + ", choice " + choice + ", size " + size + ": ";
        try {
            return what + operation(choice, descriptors.get(index).number(), size);
        } catch (ErrnoException e) {
            return what + e.reason();
        }
    }

    /**
     * Closes all that can write, so that who only reads comes to the end; or all that can read, so that a write finds
     * no reader; and then the rest.
     */
    String end() throws ErrnoException {
        int mode = random.nextBoolean() ? Flags.O_RDONLY : Flags.O_WRONLY;
        StringBuilder seen = new StringBuilder();
        for (Fd fd : descriptors) {
            if (accessMode(fd) != mode) {
                fd.close();
            }
        }
        for (Fd fd : descriptors) {
            if (fd.isOpen()) {
                seen.append(mode == Flags.O_RDONLY ? readToTheEnd(fd.number()) : writeToNobody(fd.number()));
                fd.close();
            }
        }
        return seen.toString();
    }

    private static int accessMode(Fd fd) throws ErrnoException {
        return FdCalls.statusFlags(fd.number()) & Flags.O_ACCMODE;
    }

    private String readToTheEnd(int fd) throws ErrnoException {
        StringBuilder seen = new StringBuilder();
        long length;
        do {
            length = PipeCalls.read(fd, memory, 0, memory.sizeBytes());
            seen.append("read: ").append(bytes(length)).append(length == 0 ? END : ", ");
        } while (length > 0);
        return seen.append("poll: ").append(PipeCalls.poll(fd, Flags.POLLIN)).append(' ').toString();
    }

    private String writeToNobody(int fd) throws ErrnoException {
        try {
            return "write: " + FileCalls.write(fd, memory, 0, 1);
        } catch (ErrnoException e) {
            return "write: " + e.reason() + ", poll: " + PipeCalls.poll(fd, Flags.POLLOUT) + " ";
        }
    }

    private String operation(int choice, int fd, int size) throws ErrnoException {
        if (choice < 6) {
            return "read: " + bytes(PipeCalls.read(fd, memory, 0, size));
        }
        if (choice < 12) {
            memory.buffer().put(0, (byte) size);
            return "write: " + FileCalls.write(fd, memory, 0, size);
        }
        switch (choice) {
            case 12:
            case 13:
                return "poll: " + PipeCalls.poll(fd, Flags.POLLIN | Flags.POLLOUT);
            case 14:
            case 15:
                return "FIONREAD: " + Pipes.queuedBytes(fd) + ", F_GETPIPE_SZ: " + Pipes.capacityBytes(fd)
                        + ", F_GETFL: " + FdCalls.statusFlags(fd);
            case 16:
                return "F_SETPIPE_SZ: " + Pipes.setCapacityBytes(fd, PipeModel.PAGE << random.nextInt(6));
            case 17:
                FdCalls.setStatusFlags(fd, Flags.O_NONBLOCK | (random.nextBoolean() ? Flags.oDirect() : 0));
                return "F_SETFL: " + FdCalls.statusFlags(fd);
            case 18:
                Stat stat = Stat.of(fd);
                return "fstat: " + stat.mode() + " " + stat.uid() + " " + stat.gid();
            case 19:
                descriptors.add(random.nextBoolean()
                        ? FdCalls.duplicate(fd)
                        : FileCalls.reopen(fd, random.nextInt(3) | Flags.O_NONBLOCK));
                return "one more, F_GETFL: "
                        + FdCalls.statusFlags(descriptors.get(descriptors.size() - 1).number());
            case 20:
                return "splice from a file: "
                        + Pipes.splice(file.number(), random.nextInt(MOST_BYTES), fd, Pipes.NO_OFFSET, size, SPLICE_F_NONBLOCK);
            default:
                return moveAside(choice == 21, fd, size);
        }
    }

    /** Tees or splices into a pipe of two buffers, and reads what came. */
    private String moveAside(boolean tee, int fd, int size) throws ErrnoException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        try (Fd r = ends.readEnd(); Fd w = ends.writeEnd()) {
            Pipes.setCapacityBytes(w.number(), 2 * PipeModel.PAGE);
            FdCalls.setStatusFlags(r.number(), Flags.O_NONBLOCK);
            long moved = tee
                    ? Pipes.tee(fd, w.number(), size, SPLICE_F_NONBLOCK)
                    : Pipes.splice(fd, w.number(), size, SPLICE_F_NONBLOCK);
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
