// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.standpipe.testkit.RandomBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Dumps of CRIU for tests: those of src/test/resources/criu, which its make.sh has made, and files with chosen messages. */
public final class DumpFiles {

    private static final Path DUMPS = Path.of("src/test/resources/criu");

    /** The dumps that there are. */
    public static final List<String> KINDS = List.of("pipes", "fifos", "queue");

    private DumpFiles() {}

    /** Returns the numbers that files of dumps begin with. */
    public static int[] magics() {
        return IntStream.concat(IntStream.of(CriuFileKind.COMMON_MAGIC), Arrays.stream(CriuFileKind.values()).mapToInt(CriuFileKind::magic))
                .toArray();
    }

    /** Copies a dump with pids from 1 on, and without the contents of a pipe that are longer than a line. */
    public static Path small(String kind, Path into) throws IOException {
        Path dump = copy(kind, into);
        Map<Long, Integer> pids = new LinkedHashMap<>();
        pids.put(0L, 0);
        for (UnknownFieldSet process : read(dump.resolve("pstree.img"), CriuFileKind.PROCESSES)) {
            long pid = process.getField(1).getVarintList().get(0);
            pids.put(pid, pids.size());
            for (String name : List.of("ids-", "core-")) {
                if (Files.exists(dump.resolve(name + pid + ".img"))) {
                    Files.move(dump.resolve(name + pid + ".img"), dump.resolve(name + pids.get(pid) + ".img"));
                }
            }
        }
        rewrite(dump.resolve("pstree.img"), CriuFileKind.PROCESSES, process -> {
            UnknownFieldSet changed = process;
            for (int field = 1; field <= 4; field++) {
                changed = with(changed, field, pids.get(process.getField(field).getVarintList().get(0)));
            }
            return changed;
        });
        shorten(dump.resolve("pipes-data.img"));
        return dump;
    }

    private static void shorten(Path file) throws IOException {
        if (Files.exists(file)) {
            List<UnknownFieldSet> entries = read(file, CriuFileKind.PIPE_CONTENTS);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(Arrays.copyOf(Files.readAllBytes(file), 8));
            for (UnknownFieldSet entry : entries) {
                long length = Math.min(20, entry.getField(2).getVarintList().get(0));
                byte[] message = with(entry, 2, length).toByteArray();
                bytes.writeBytes(new byte[] {(byte) message.length, 0, 0, 0});
                bytes.writeBytes(message);
                bytes.writeBytes(new byte[(int) length]);
            }
            Files.write(file, bytes.toByteArray());
        }
    }

    /** Deletes a directory with files and directories of files. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Copies a dump into a directory, and returns where it is. */
    public static Path copy(String kind, Path into) throws IOException {
        Path copy = Files.createDirectories(into.resolve(kind));
        try (Stream<Path> files = Files.list(DUMPS.resolve(kind))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    /** Returns a message of fields: a number, and a number, a text, bytes, or a message behind each. */
    static UnknownFieldSet message(Object... fields) {
        UnknownFieldSet.Builder message = UnknownFieldSet.newBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            message.mergeField((Integer) fields[i], field(fields[i + 1]));
        }
        return message.build();
    }

    private static UnknownFieldSet.Field field(Object value) {
        UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
        return (value instanceof Number number ? field.addVarint(number.longValue())
                : value instanceof UnknownFieldSet message ? field.addLengthDelimited(message.toByteString())
                : value instanceof byte[] bytes ? field.addLengthDelimited(ByteString.copyFrom(bytes))
                : field.addLengthDelimited(ByteString.copyFromUtf8((String) value))).build();
    }

    /** Returns a message with fields in place of those that it has with these numbers. */
    static UnknownFieldSet with(UnknownFieldSet message, Object... fields) {
        UnknownFieldSet.Builder changed = message.toBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            changed.clearField((Integer) fields[i]).mergeField((Integer) fields[i], field(fields[i + 1]));
        }
        return changed.build();
    }

    /** Returns the message in a field. */
    static UnknownFieldSet within(UnknownFieldSet message, int field) {
        try {
            return UnknownFieldSet.parseFrom(message.getField(field).getLengthDelimitedList().get(0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a file of the newer form. */
    static void write(Path file, CriuFileKind kind, List<UnknownFieldSet> messages) throws IOException {
        int[] magics = kind == CriuFileKind.INVENTORY ? new int[] {kind.magic()} : new int[] {CriuFileKind.COMMON_MAGIC, kind.magic()};
        write(file, magics, messages);
    }

    static void write(Path file, int[] magics, List<UnknownFieldSet> messages) throws IOException {
        int bytes = messages.stream().mapToInt(message -> Integer.BYTES + message.getSerializedSize()).sum();
        ByteBuffer content = ByteBuffer.allocate(magics.length * Integer.BYTES + bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int magic : magics) {
            content.putInt(magic);
        }
        for (UnknownFieldSet message : messages) {
            content.putInt(message.getSerializedSize()).put(message.toByteArray());
        }
        Files.write(file, content.array());
    }

    static List<UnknownFieldSet> read(Path file, CriuFileKind kind) throws IOException {
        List<UnknownFieldSet> messages = new ArrayList<>();
        try (CriuImageFile open = CriuImageFile.open(file, kind)) {
            while (open.hasNext()) {
                CriuMessage message = open.next();
                messages.add(message.fields());
                if (kind == CriuFileKind.PIPE_CONTENTS || kind == CriuFileKind.FIFO_CONTENTS) {
                    open.skip(message.u32(2, "bytes"), message);
                }
            }
        }
        return messages;
    }

    /** Changes each message of a file. */
    static void rewrite(Path file, CriuFileKind kind, UnaryOperator<UnknownFieldSet> change) throws IOException {
        write(file, kind, read(file, kind).stream().map(change).toList());
    }

    /** Makes a dump one as CRIU wrote it before there was {@code files.img}. */
    public static void splitFiles(Path dump) throws IOException {
        List<UnknownFieldSet> pipes = new ArrayList<>();
        List<UnknownFieldSet> fifos = new ArrayList<>();
        List<UnknownFieldSet> paths = new ArrayList<>();
        for (UnknownFieldSet entry : read(dump.resolve("files.img"), CriuFileKind.FILES)) {
            if (entry.hasField(18)) {
                pipes.add(within(entry, 18));
            } else if (entry.hasField(17)) {
                fifos.add(within(entry, 17));
            } else if (entry.hasField(3)) {
                paths.add(within(entry, 3));
            }
        }
        write(dump.resolve("pipes.img"), CriuFileKind.PIPES, pipes);
        write(dump.resolve("fifo.img"), CriuFileKind.FIFOS, fifos);
        write(dump.resolve("reg-files.img"), CriuFileKind.PATHS, paths);
        Files.delete(dump.resolve("files.img"));
    }

    /** Takes from each file but the inventory the number that all have in common, which the first version did not have. */
    static void dropCommonMagic(Path dump) throws IOException {
        try (Stream<Path> files = Files.list(dump)) {
            for (Path file : files.filter(each -> !each.endsWith(CriuDump.INVENTORY)).toList()) {
                byte[] all = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOfRange(all, Integer.BYTES, all.length));
            }
        }
        rewrite(dump.resolve(CriuDump.INVENTORY), CriuFileKind.INVENTORY, inventory -> with(inventory, 1, 1));
    }

    /** Gives the pipes of a dump of one pipe another number. */
    public static void renumber(Path dump, long number) throws IOException {
        rewrite(dump.resolve("files.img"), CriuFileKind.FILES, entry ->
                entry.hasField(18) ? with(entry, 18, with(within(entry, 18), 2, number)) : entry);
        byte[] contents = contents(dump);
        writeContents(dump, number, contents);
    }

    /** Gives the pipe of a dump of one pipe other contents; returns these. */
    public static byte[] replaceContents(Path dump, int bytes) throws IOException {
        byte[] contents = RandomBytes.of(bytes);
        writeContents(dump, read(dump.resolve("files.img"), CriuFileKind.FILES).stream()
                .filter(entry -> entry.hasField(18))
                .mapToLong(entry -> within(entry, 18).getField(2).getVarintList().get(0))
                .findFirst().getAsLong(), contents);
        return contents;
    }

    private static byte[] contents(Path dump) throws IOException {
        try (CriuImageFile file = CriuImageFile.open(dump.resolve("pipes-data.img"), CriuFileKind.PIPE_CONTENTS)) {
            CriuMessage entry = file.next();
            int offset = (int) file.skip(entry.u32(2, "bytes"), entry);
            byte[] all = Files.readAllBytes(dump.resolve("pipes-data.img"));
            return Arrays.copyOfRange(all, offset, all.length);
        }
    }

    private static void writeContents(Path dump, long number, byte[] contents) throws IOException {
        Path file = dump.resolve("pipes-data.img");
        write(file, CriuFileKind.PIPE_CONTENTS, List.of(message(1, number, 2, contents.length, 3, 1 << 20)));
        Files.write(file, contents, StandardOpenOption.APPEND);
    }

    /** Adds the FIFOs of a dump to another one, so that the first process has them too; the first FIFO gets another number. */
    public static void addFifos(Path dump, Path fifos, long number) throws IOException {
        int ids = 1000;
        long former = read(fifos.resolve("fifo-data.img"), CriuFileKind.FIFO_CONTENTS).get(0).getField(1).getVarintList().get(0);
        List<UnknownFieldSet> files = new ArrayList<>(read(dump.resolve("files.img"), CriuFileKind.FILES));
        for (UnknownFieldSet entry : read(fifos.resolve("files.img"), CriuFileKind.FILES)) {
            int field = entry.hasField(17) ? 17 : 3;
            UnknownFieldSet file = within(entry, field);
            UnknownFieldSet moved = with(file, 1, ids + file.getField(1).getVarintList().get(0));
            if (field == 17) {
                moved = with(moved, 3, ids + file.getField(3).getVarintList().get(0));
                moved = file.getField(2).getVarintList().get(0) == former ? with(moved, 2, number) : moved;
            }
            files.add(with(entry, 2, ids + entry.getField(2).getVarintList().get(0), field, moved));
        }
        write(dump.resolve("files.img"), CriuFileKind.FILES, files);
        List<UnknownFieldSet> descriptors = new ArrayList<>(read(dump.resolve("fdinfo-2.img"), CriuFileKind.DESCRIPTORS));
        for (UnknownFieldSet descriptor : read(fifos.resolve("fdinfo-2.img"), CriuFileKind.DESCRIPTORS)) {
            if (descriptor.getField(3).getVarintList().get(0) == CriuEnds.TYPE_FIFO) {
                descriptors.add(with(
                        descriptor, 1, ids + descriptor.getField(1).getVarintList().get(0),
                        4, ids + descriptor.getField(4).getVarintList().get(0)));
            }
        }
        write(dump.resolve("fdinfo-2.img"), CriuFileKind.DESCRIPTORS, descriptors);
        byte[] contents = Files.readAllBytes(fifos.resolve("fifo-data.img"));
        byte[] first = message(1, number, 2, 10, 3, 65_536).toByteArray();
        ByteBuffer changed = ByteBuffer.allocate(12 + first.length + 10).order(ByteOrder.LITTLE_ENDIAN);
        changed.put(contents, 0, 8).putInt(first.length).put(first).put("in a FIFO\n".getBytes(StandardCharsets.US_ASCII));
        Files.write(dump.resolve("fifo-data.img"), changed.array());
    }

    /** Moves the FIFOs of a dump into another directory. */
    public static void moveFifos(Path dump, Path directory) throws IOException {
        rewrite(dump.resolve("files.img"), CriuFileKind.FILES, entry -> {
            String path = entry.hasField(3) ? within(entry, 3).getField(6).getLengthDelimitedList().get(0).toStringUtf8() : "";
            return path.startsWith("/tmp/standpipe-dumps/")
                    ? with(entry, 3, with(within(entry, 3), 6, directory.resolve(Path.of(path).getFileName()).toString())) : entry;
        });
    }

    /** Takes the signals from the pipes of a dump, for a restore in a process group with others. */
    public static void dropSignals(Path dump) throws IOException {
        UnknownFieldSet nobody = message(1, 0, 2, 0, 3, 0, 4, 0, 5, 0);
        rewrite(dump.resolve("files.img"), CriuFileKind.FILES, entry ->
                entry.hasField(18) ? with(entry, 18, with(within(entry, 18), 4, nobody)) : entry);
    }
}
