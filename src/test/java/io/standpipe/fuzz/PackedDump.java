// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import io.standpipe.cli.criu.DumpFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A dump of CRIU as one input: for each file of {@link #NAMES} its length, in two bytes, and what is in it. One of length 0 is not there. */
final class PackedDump {

    static final List<String> NAMES = List.of(
            "inventory.img", "pstree.img", "files.img", "pipes-data.img", "fifo-data.img", "fdinfo-2.img", "ids-1.img", "core-1.img",
            "fdinfo-3.img", "ids-2.img", "core-2.img", "core-3.img", "remap-fpath.img", "pipes.img", "fifo.img", "reg-files.img", "creds-1.img");

    private static final int MOST_BYTES = 0xffff;

    private PackedDump() {}

    /**
     * Returns a dump of src/test/resources/criu, with pids from 1 on, without the long contents that one of its pipes has.
     *
     * @param isOld whether it is as CRIU wrote it before there was {@code files.img}
     */
    static byte[] of(String kind, boolean isOld) throws IOException {
        Path directory = Files.createTempDirectory("standpipe-pack");
        try {
            Path dump = DumpFiles.small(kind, directory);
            if (isOld) {
                DumpFiles.splitFiles(dump);
            }
            return pack(dump);
        } finally {
            DumpFiles.delete(directory);
        }
    }

    private static byte[] pack(Path dump) throws IOException {
        ByteBuffer packed = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        for (String name : NAMES) {
            Path file = dump.resolve(name);
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            packed.putShort((short) bytes.length).put(bytes);
        }
        return Arrays.copyOf(packed.array(), packed.position());
    }

    /** Writes the files of an input, of any length, into a directory that has none or those of another input. */
    static void unpack(byte[] input, Path into) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        for (String name : NAMES) {
            int length = left.remaining() < Short.BYTES ? 0 : Math.min(left.getShort() & MOST_BYTES, left.remaining());
            if (length == 0) {
                Files.deleteIfExists(into.resolve(name));
                continue;
            }
            byte[] bytes = new byte[length];
            left.get(bytes);
            Files.write(into.resolve(name), bytes);
        }
    }
}
