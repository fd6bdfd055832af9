// SPDX-License-Identifier: Apache-2.0
package io.standpipe.soak;


import io.standpipe.RestoredPipes;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import io.standpipe.testkit.PipeIo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A pipe of random capacity with random bytes in it, as a stream or as packets, and more descriptors than two at times. */
final class SoakPipe implements AutoCloseable {

    private static final int PAGE = 4096;
    private static final int MOST_DOUBLINGS = 6;

    /** A reader, a writer, and whatever else there is. */
    private final List<Fd> descriptors = new ArrayList<>();
    private final List<byte[]> writes = new ArrayList<>();
    private final boolean packets;
    private final int capacityBytes;

    SoakPipe(Random random, NativeMemory memory) throws IOException {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        descriptors.add(ends.readEnd());
        descriptors.add(ends.writeEnd());
        packets = random.nextInt(4) == 0;
        capacityBytes = Pipes.setCapacityBytes(writer(), PAGE << random.nextInt(MOST_DOUBLINGS + 1));
        FdCalls.setStatusFlags(writer(), Flags.O_NONBLOCK | (packets ? Flags.oDirect() : 0));
        fill(random, memory);
        while (random.nextInt(3) == 0) {
            int one = descriptors.get(random.nextInt(descriptors.size())).number();
            descriptors.add(random.nextBoolean()
                    ? FdCalls.duplicate(one)
                    : FileCalls.reopen(one, random.nextInt(3) | Flags.O_NONBLOCK));
        }
    }

    /** Nothing at times, all that it takes at times. */
    private void fill(Random random, NativeMemory memory) throws IOException {
        int slots = capacityBytes / PAGE;
        int size = random.nextInt(3) == 0 ? slots : random.nextInt(slots + 1);
        for (int i = 0; i < size; i++) {
            byte[] bytes = new byte[packets || i == size - 1 ? 1 + random.nextInt(PAGE) : PAGE];
            random.nextBytes(bytes);
            memory.buffer().put(0, bytes);
            require(FileCalls.write(writer(), memory, 0, bytes.length) == bytes.length, "the pipe has too little room");
            writes.add(bytes);
        }
    }

    int reader() {
        return descriptors.get(0).number();
    }

    int writer() {
        return descriptors.get(1).number();
    }

    /** All of its descriptors. */
    List<Fd> descriptors() {
        return descriptors;
    }

    /** All bytes that are in it. */
    byte[] content() {
        byte[] all = new byte[writes.stream().mapToInt(bytes -> bytes.length).sum()];
        int done = 0;
        for (byte[] bytes : writes) {
            System.arraycopy(bytes, 0, all, done, bytes.length);
            done += bytes.length;
        }
        return all;
    }

    /** Compares what was restored of it, and takes the bytes out. */
    void check(RestoredPipes restored, NativeMemory memory) throws IOException {
        for (Fd fd : descriptors) {
            int expected = PipeIo.accessMode(fd.number());
            int found = PipeIo.accessMode(restored.descriptor(fd.number()).number());
            require(found == expected, "access mode " + found + ", expected " + expected);
        }
        check(restored.descriptor(reader()).number(), memory);
    }

    /** Compares what a descriptor of a pipe gives with what is in this one: every byte, and where packets end. */
    void check(int fd, NativeMemory memory) throws IOException {
        int capacity = Pipes.capacityBytes(fd);
        require(capacity == capacityBytes, "a capacity of " + capacity + " bytes, expected " + capacityBytes);
        for (byte[] bytes : writes) {
            long read = Pipes.queuedBytes(fd) == 0
                    ? 0
                    : PipeCalls.read(fd, memory, 0, packets ? memory.sizeBytes() : bytes.length);
            require(read == bytes.length, "a read gave " + read + " bytes, expected " + bytes.length);
            byte[] found = new byte[bytes.length];
            memory.buffer().get(0, found);
            require(Arrays.equals(found, bytes), "other bytes than were written");
        }
        int left = Pipes.queuedBytes(fd);
        require(left == 0, left + " bytes more than were written");
    }

    static void require(boolean holds, String failure) {
        if (!holds) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        descriptors.forEach(Fd::close);
    }
}
