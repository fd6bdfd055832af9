// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.standpipe.testkit.SeedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap that reading takes, garbage counted, is what docs/IMAGE.md says, in images that have as much as they can of one thing. */
class HeapBoundTest {

    private static final int HEAP_PER_BYTE = 16;
    private static final int HEAP_BYTES = 256 * 1024;
    private static final int MANY = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Map<String, Supplier<SeedImage>> IMAGES = Map.of(
            "padding", () -> times(SeedImage.withTable(0), image -> image.record(8002, new byte[0])).taskObjs(1).tail(),
            "unknown records",
            () -> times(SeedImage.withTable(0), image -> image.record(8100, new byte[0])).taskObjs(1).tail(),
            "processes", () -> {
                SeedImage image = new SeedImage().header().uts().tree(IntStream.rangeClosed(1, MANY).toArray())
                        .objref(3, 1).ints(301, 0, 0);
                return times(image, each -> each.taskObjs(1)).tail();
            },
            "programs", () -> {
                SeedImage image = new SeedImage().header().uts().tree(IntStream.rangeClosed(1, MANY).toArray())
                        .program(1, 0, 0, 0, "").objref(3, 1).ints(301, 0, 0).taskObjs(1);
                for (int pid = 2; pid <= MANY; pid++) {
                    image.program(pid, 1, 1, 0, "x".repeat(2) + "\0".repeat(20)).taskObjs(1);
                }
                return image.tail();
            },
            "descriptors", () -> {
                SeedImage image = SeedImage.withTable(MANY).objref(4, 2).file(0, 3).pipeBuf(SeedImage.PAYLOAD);
                for (int i = 0; i < MANY; i++) {
                    image.fileDesc(2, i);
                }
                return image.taskObjs(1).tail();
            },
            "pipes", () -> {
                SeedImage image = SeedImage.withTable(MANY);
                for (int i = 0; i < MANY; i++) {
                    image.objref(4, 2 + 2 * i).file(0, 3 + 2 * i).pipeBuf(new byte[0]).fileDesc(2 + 2 * i, i);
                }
                return image.taskObjs(1).tail();
            },
            "FIFOs", () -> {
                SeedImage image = SeedImage.withTable(MANY);
                for (int i = 0; i < MANY; i++) {
                    image.objref(4, 2 + 2 * i).fifo(0, 3 + 2 * i).fileName("/f\0").pipeBuf(new byte[0])
                            .fileDesc(2 + 2 * i, i);
                }
                return image.taskObjs(1).tail();
            },
            "buffers", () -> {
                int[] runs = new int[2 * MANY];
                Arrays.fill(runs, 1);
                return SeedImage.withInfo().objref(4, 2).file(0, 3).slots(3, 0, runs).pipeBuf(new byte[MANY])
                        .fileDesc(2, 0).taskObjs(1).digest().tail();
            });

    /** What only the kernel series' own images have. */
    private static final Map<String, Supplier<SeedImage>> SERIES = Map.of(
            "other records",
            () -> times(SeedImage.withTable(0), image -> image.record(401, new byte[0])).taskObjs(1).tail(),
            "other objects", () -> {
                SeedImage image = SeedImage.began();
                for (int i = 0; i < MANY; i++) {
                    image.objref(14, 2 + i);
                }
                return image.objref(3, 1).ints(301, 0, 0).taskObjs(1).tail();
            },
            "other files", () -> {
                SeedImage image = SeedImage.withTable(MANY).objref(4, 2).file(1, 1, 0, 0);
                for (int i = 0; i < MANY; i++) {
                    image.fileDesc(2, i);
                }
                return image.taskObjs(1).tail();
            },
            "numbers of pids", () -> {
                int[] numbers = new int[2 * MANY];
                for (int i = 0; i < MANY; i++) {
                    numbers[2 * i + 1] = 1000 + i;
                }
                return new SeedImage().header().uts().ints(101, MANY, 0, 1, 0).ints(4, numbers).tree(1)
                        .objref(3, 1).ints(301, 0, 0).taskObjs(1).tail();
            });

    @ParameterizedTest
    @ValueSource(strings = {
        "padding", "unknown records", "processes", "programs", "descriptors", "pipes", "FIFOs", "buffers", "other records",
        "other objects", "other files", "numbers of pids"
    })
    void imageFullOf(String what) throws IOException {
        byte[] image = (SERIES.containsKey(what) ? SERIES : IMAGES).get(what).get().bytes();
        ImageReader.read(new OutsideOfHeap(image));
        long before = THREADS.getCurrentThreadAllocatedBytes();
        ImageReader.read(new OutsideOfHeap(image));
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken <= (long) HEAP_PER_BYTE * image.length + HEAP_BYTES,
                "reading " + image.length + " bytes of " + what + " took " + taken + " of heap");
    }

    private static SeedImage times(SeedImage image, Consumer<SeedImage> more) {
        for (int i = 0; i < MANY; i++) {
            more.accept(image);
        }
        return image;
    }

    /** As the library reads: into memory that is not of the heap. */
    private record OutsideOfHeap(byte[] image) implements ImageReader.Source {

        @Override
        public long sizeBytes() {
            return image.length;
        }

        @Override
        public ByteBuffer allocate(int bytes) {
            return ByteBuffer.allocateDirect(bytes);
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) {
            into.put(image, (int) offsetBytes, into.limit());
        }
    }
}
