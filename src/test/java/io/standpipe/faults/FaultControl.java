// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Memory shared with the preloaded library: what is to fail, and how often what was called. Laid out as in faults.c. */
final class FaultControl {

    /** Environment variable that names the file behind the memory. */
    static final String VARIABLE = "STANDPIPE_FAULTS";

    private static final int KINDS = 4;
    private static final int NATIVES = 8;
    private static final int UNKNOWN = 12;
    private static final int ARMED_KIND = 16;
    private static final int ARMED_AT = 20;
    private static final int ARMED_WITH = 24;
    private static final int ARMED_IN_CHILD = 28;
    private static final int SEEN = 32;
    private static final int HITS = 36;
    private static final int HIT_NATIVE = 40;
    private static final int ALWAYS_IN_CHILD = 44;
    private static final int ALWAYS = 48;
    private static final int MOST_ALWAYS = 2;
    private static final int NAME_LENGTH = 32;
    private static final int MOST_KINDS = 96;
    private static final int MOST_NATIVES = 128;
    private static final int KIND_NAMES = 64;
    private static final int NATIVE_NAMES = KIND_NAMES + MOST_KINDS * NAME_LENGTH;
    private static final int COUNTS = NATIVE_NAMES + MOST_NATIVES * NAME_LENGTH;
    private static final int COUNTS_LENGTH = 2 * MOST_NATIVES * MOST_KINDS * Integer.BYTES;
    private static final int LENGTH = COUNTS + COUNTS_LENGTH;
    private static final int NONE = -1;

    private final ByteBuffer memory;
    private final List<String> kinds = new ArrayList<>();

    private FaultControl(ByteBuffer memory) {
        this.memory = memory;
        for (int i = 0; i < memory.getInt(KINDS); i++) {
            kinds.add(name(KIND_NAMES, i));
        }
    }

    static Path createFile(Path folder) throws IOException {
        return Files.write(folder.resolve("control"), new byte[LENGTH]);
    }

    /** That of this JVM, which was started with the file. */
    static FaultControl in(Path folder) throws IOException {
        try (FileChannel file = FileChannel.open(
                folder.resolve("control"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = file.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
            memory.order(ByteOrder.nativeOrder());
            if (memory.getInt(0) != ProcessHandle.current().pid()) {
                throw new IOException("the library is not preloaded");
            }
            return new FaultControl(memory);
        }
    }

    /** All that can be made to fail. */
    List<String> kinds() {
        return List.copyOf(kinds);
    }

    private String name(int table, int index) {
        byte[] bytes = new byte[NAME_LENGTH];
        memory.get(table + index * NAME_LENGTH, bytes);
        return new String(bytes, StandardCharsets.US_ASCII).trim();
    }

    void arm(Fault fault) {
        memory.putInt(SEEN, 0);
        memory.putInt(HITS, 0);
        memory.putInt(HIT_NATIVE, NONE);
        memory.putInt(ARMED_AT, fault.at());
        memory.putInt(ARMED_WITH, fault.with());
        memory.putInt(ARMED_IN_CHILD, fault.inChild() ? 1 : 0);
        memory.putInt(ARMED_KIND, kinds.indexOf(fault.kind()));
    }

    /** Has every call of some kinds fail, too: two at most, all of them in children or none. */
    void always(List<Fault> faults) {
        int at = ALWAYS;
        for (Fault fault : faults) {
            memory.putInt(ALWAYS_IN_CHILD, fault.inChild() ? 1 : 0);
            memory.putInt(at, kinds.indexOf(fault.kind()));
            memory.putInt(at + Integer.BYTES, fault.with());
            at += 2 * Integer.BYTES;
        }
    }

    void disarm() {
        memory.putInt(ARMED_KIND, NONE);
        for (int i = 0; i < MOST_ALWAYS; i++) {
            memory.putInt(ALWAYS + i * 2 * Integer.BYTES, NONE);
        }
    }

    boolean wasHit() {
        return memory.getInt(HITS) > 0;
    }

    /** The native in which the last fault hit. */
    String hitNative() {
        return name(NATIVE_NAMES, memory.getInt(HIT_NATIVE));
    }

    /** A number or command that the library does not know, or 0. */
    int unknown() {
        return memory.getInt(UNKNOWN);
    }

    void forgetCounts() {
        memory.put(COUNTS, new byte[COUNTS_LENGTH]);
    }

    /** How often what was called since the counts were forgotten, by this process or by children it has forked. */
    Map<String, Integer> counts(boolean inChild) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int n = 0; n < memory.getInt(NATIVES); n++) {
            for (int k = 0; k < kinds.size(); k++) {
                int child = inChild ? MOST_NATIVES : 0;
                int count = memory.getInt(COUNTS + ((child + n) * MOST_KINDS + k) * Integer.BYTES);
                if (count > 0) {
                    counts.merge(kinds.get(k), count, Integer::sum);
                }
            }
        }
        return counts;
    }
}
