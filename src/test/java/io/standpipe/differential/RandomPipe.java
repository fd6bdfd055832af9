// SPDX-License-Identifier: Apache-2.0
package io.standpipe.differential;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A pipe or FIFO in a random state: its contents, its inode's mode, the descriptions and descriptors there are of it. */
final class RandomPipe implements AutoCloseable {

    private static final int OWNER_ONLY = 0600;
    private static final int[] FLAGS = {Flags.O_APPEND, Flags.O_NOATIME, Flags.O_ASYNC};
    private static final int[] MODES = {Flags.O_RDONLY, Flags.O_WRONLY, Flags.O_RDWR};

    final List<Fd> descriptors = new ArrayList<>();
    private final Random random;

    /** @param fifo where to make a FIFO and open it, or null for an anonymous pipe */
    RandomPipe(long seed, Path fifo, Fd file) throws ErrnoException {
        random = new Random(seed);
        if (fifo == null) {
            PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            descriptors.add(ends.readEnd());
            descriptors.add(ends.writeEnd());
        } else {
            byte[] path = PathCalls.bytes(fifo.toString());
            PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, path, OWNER_ONLY);
            descriptors.add(open(fifo, Flags.O_RDONLY));
            if (random.nextInt(8) == 0) {
                describe(Flags.O_RDONLY);
                return;
            }
            descriptors.add(open(fifo, Flags.O_WRONLY));
        }
        int reader = descriptors.get(0).number();
        int writer = descriptors.get(1).number();
        FdCalls.setStatusFlags(reader, Flags.O_NONBLOCK);
        FdCalls.setStatusFlags(writer, Flags.O_NONBLOCK);
        RandomContents contents = new RandomContents(random, reader, writer, file);
        contents.fill(random.nextInt(40));
        describe(MODES);
        int lost = random.nextInt(6);
        // Without any writer a full pipe is not asked what its last buffer takes.
        if (lost == 0 || lost == 1 && !contents.isAmbiguous()) {
            descriptors.remove(lost).close();
        }
    }

    private static Fd open(Path fifo, int mode) throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifo.toString(), mode | Flags.O_NONBLOCK, 0);
    }

    /** More descriptions, some in other modes, with other flags; more descriptors; other permissions. */
    private void describe(int... modes) throws ErrnoException {
        int first = descriptors.get(0).number();
        FdCalls.setInodeMode(first, OWNER_ONLY | random.nextInt(0100));
        for (int i = random.nextInt(3); i > 0; i--) {
            descriptors.add(FileCalls.reopen(first, modes[random.nextInt(modes.length)] | Flags.O_NONBLOCK));
        }
        for (Fd fd : descriptors) {
            for (int flag : FLAGS) {
                if (random.nextInt(8) == 0) {
                    FdCalls.setStatusFlags(fd.number(), FdCalls.statusFlags(fd.number()) | flag);
                }
            }
        }
        if (random.nextInt(4) == 0) {
            descriptors.add(FdCalls.duplicate(descriptors.get(random.nextInt(descriptors.size())).number()));
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
