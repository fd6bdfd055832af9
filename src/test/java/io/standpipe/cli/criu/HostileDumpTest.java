// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import static io.standpipe.cli.criu.DumpFiles.message;
import static io.standpipe.cli.criu.DumpFiles.with;
import static io.standpipe.cli.criu.DumpFiles.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that are not what CRIU writes are refused, with the file, the place, what was found and what was expected. */
@ExtendWith(DescriptorLeakCheck.class)
class HostileDumpTest {

    @TempDir
    Path directory;

    private Path pipes;
    private Path fifos;

    @BeforeEach
    void copyDumps() throws IOException {
        pipes = DumpFiles.copy("pipes", directory);
        fifos = DumpFiles.copy("fifos", directory);
    }

    private static void assertRefused(Path dump, String... parts) {
        String message = assertThrows(ImageRefusedException.class, () -> CriuDump.in(dump)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "\"" + part + "\" is expected in: " + message);
        }
    }

    private static void rewrite(Path dump, String name, CriuFileKind kind, UnaryOperator<UnknownFieldSet> change) throws IOException {
        DumpFiles.rewrite(dump.resolve(name), kind, change);
    }

    private static long pid(Path dump) throws IOException {
        return DumpFiles.read(dump.resolve("pstree.img"), CriuFileKind.PROCESSES).get(0).getField(1).getVarintList().get(0);
    }

    /** Changes entries that have a message in a field. */
    private static void rewriteEntry(Path dump, int field, Object... fields) throws IOException {
        rewrite(dump, "files.img", CriuFileKind.FILES, entry ->
                entry.hasField(field) ? with(entry, field, with(within(entry, field), fields)) : entry);
    }

    private static void put(Path file, int offset, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        Files.write(file, bytes);
    }

    @Test
    void fileOfAnotherKindIsRefused() throws Exception {
        Files.copy(pipes.resolve("pstree.img"), pipes.resolve("files.img"), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(pipes, "files.img: it begins with 0x50273030, expected 0x56303138");
        put(fifos.resolve(CriuDump.INVENTORY), 0, CriuFileKind.COMMON_MAGIC);
        assertRefused(fifos, "inventory.img: it begins with 0x54564319, expected 0x58313116");
    }

    @Test
    void fileThatIsCutAnywhereIsRefused() throws Exception {
        for (String name : List.of(CriuDump.INVENTORY, "pstree.img", "files.img", "fdinfo-2.img", "pipes-data.img")) {
            Path file = pipes.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            int refused = 0;
            for (int length = 0; length < whole.length; length++) {
                Files.write(file, Arrays.copyOf(whole, length));
                try {
                    CriuDump.in(pipes);
                } catch (ImageRefusedException e) {
                    refused++;
                }
            }
            Files.write(file, whole);
            // Only between two messages the file of a smaller dump may end.
            int smaller = switch (name) {
                case "pstree.img" -> 2;
                case "fdinfo-2.img" -> 12;
                case "files.img" -> 4;
                case "pipes-data.img" -> 3;
                default -> 0;
            };
            assertEquals(whole.length - smaller, refused, name);
        }
    }

    @Test
    void lengthThatTheFileDoesNotHaveIsRefusedWithoutMemoryForIt() throws Exception {
        put(pipes.resolve("files.img"), 8, Integer.MAX_VALUE);
        assertRefused(pipes, "files.img: message at offset 8: its length is 2147483647, expected at most ", ", what is left of the file");
        put(fifos.resolve("files.img"), 8, -1);
        assertRefused(fifos, "its length is 4294967295, expected at most ");
    }

    @Test
    void messageThatIsLongerThanAnyOfCriuIsRefused() throws Exception {
        DumpFiles.write(pipes.resolve("pstree.img"), CriuFileKind.PROCESSES,
                List.of(message(1, 1, 2, 0, 3, 1, 4, 1, 99, new byte[CriuImageFile.MOST_MESSAGE_BYTES])));
        assertRefused(pipes, "pstree.img: message at offset 8: its length is ", ", expected at most 1048576");
    }

    @Test
    void contentsThatTheFileDoesNotHaveAreRefused() throws Exception {
        Path file = fifos.resolve("fifo-data.img");
        DumpFiles.write(file, CriuFileKind.FIFO_CONTENTS, List.of(message(1, 5, 2, 0xFFFF_FFFFL)));
        assertRefused(fifos, "fifo-data.img: message at offset 8: bytes is 4294967295, expected at most 0, what is left of the file");
    }

    @Test
    void contentsOfOnePipeForTheSecondTimeAreRefused() throws Exception {
        DumpFiles.write(fifos.resolve("fifo-data.img"), CriuFileKind.FIFO_CONTENTS, List.of(message(1, 5, 2, 0), message(1, 5, 2, 0)));
        assertRefused(fifos, "message at offset 16: pipe_id is 5 for the second time, expected another one for each pipe");
    }

    @Test
    void capacityThatNoPipeHasIsRefused() throws Exception {
        for (long size : new long[] {0, 3, 65_537, 0x8000_0000L}) {
            DumpFiles.write(fifos.resolve("fifo-data.img"), CriuFileKind.FIFO_CONTENTS, List.of(message(1, 5, 2, 0, 3, size)));
            assertRefused(fifos, "fifo-data.img: message at offset 8: size is " + size);
        }
    }

    @Test
    void whatIsNoMessageIsRefused() throws Exception {
        Path file = pipes.resolve("files.img");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 12, 40, (byte) 0xff);
        Files.write(file, bytes);
        assertRefused(pipes, "files.img: message at offset 8: no message of Protocol Buffers: ");
    }

    @Test
    void groupsInGroupsAreRefusedBeforeTheStackEnds() throws Exception {
        byte[] groups = new byte[500_000];
        Arrays.fill(groups, (byte) (15 << 3 | 3));
        ByteBuffer file = ByteBuffer.allocate(12 + groups.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(CriuFileKind.COMMON_MAGIC).putInt(CriuFileKind.FILES.magic()).putInt(groups.length).put(groups);
        Files.write(pipes.resolve("files.img"), file.array());
        assertRefused(pipes, "files.img: message at offset 8: no message of Protocol Buffers: ");
    }

    @Test
    void processForTheSecondTimeIsRefused() throws Exception {
        rewrite(pipes, "pstree.img", CriuFileKind.PROCESSES, process -> with(process, 1, process(process)));
        assertRefused(pipes, "pstree.img: message at offset ", "pid is ", " for the second time");
    }

    private static Long process(UnknownFieldSet process) {
        long parent = process.getField(2).getVarintList().get(0);
        return parent == 0 ? process.getField(1).getVarintList().get(0) : parent;
    }

    @Test
    void processWithoutAPidIsRefused() throws Exception {
        rewrite(pipes, "pstree.img", CriuFileKind.PROCESSES, process -> with(process, 1, 0));
        assertRefused(pipes, "pstree.img: message at offset 8: pid is 0, expected 1 to 2147483647");
    }

    @Test
    void dumpWithoutAProcessIsRefused() throws Exception {
        Files.delete(pipes.resolve("pstree.img"));
        assertRefused(pipes, "pstree.img: there is no process in it, expected at least one");
    }

    @Test
    void processWithoutIdsIsRefused() throws Exception {
        long pid = pid(pipes);
        Files.delete(pipes.resolve("ids-" + pid + ".img"));
        assertRefused(pipes, "ids-" + pid + ".img: there is no such file, expected one for process " + pid + " of pstree.img");
    }

    @Test
    void descriptorForTheSecondTimeIsRefused() throws Exception {
        rewrite(pipes, "fdinfo-2.img", CriuFileKind.DESCRIPTORS, descriptor -> with(descriptor, 4, 20));
        assertRefused(pipes, "fdinfo-2.img: message at offset 20: fd is 20 for the second time, expected another one for each descriptor");
    }

    @Test
    void descriptorOfAFileThatIsNotThereOrOfAnotherTypeIsRefused() throws Exception {
        rewrite(pipes, "fdinfo-2.img", CriuFileKind.DESCRIPTORS, descriptor -> with(descriptor, 1, 4711));
        assertRefused(pipes, "fdinfo-2.img: message at offset ", "id is 4711, which is no pipe of the dump's files, expected the id of one");
        rewrite(fifos, "fdinfo-2.img", CriuFileKind.DESCRIPTORS, descriptor ->
                descriptor.getField(3).getVarintList().get(0) == CriuEnds.TYPE_FIFO ? with(descriptor, 3, CriuEnds.TYPE_PIPE) : descriptor);
        assertRefused(fifos, "fdinfo-2.img: message at offset 44: id is 5, which is no pipe of the dump's files");
    }

    @Test
    void dumpWithoutItsFilesIsRefused() throws Exception {
        Files.delete(pipes.resolve("files.img"));
        assertRefused(pipes, "which is no pipe of the dump's files, expected the id of one");
    }

    @Test
    void fdBelowZeroIsRefused() throws Exception {
        rewrite(pipes, "fdinfo-3.img", CriuFileKind.DESCRIPTORS, descriptor -> with(descriptor, 4, -1L));
        assertRefused(pipes, "fdinfo-3.img: message at offset 8: fd is 18446744073709551615, expected 0 to 2147483647");
    }

    @Test
    void fieldThatIsMissingOrOfAnotherTypeIsRefused() throws Exception {
        rewrite(pipes, "fdinfo-3.img", CriuFileKind.DESCRIPTORS, descriptor -> descriptor.toBuilder().clearField(4).build());
        assertRefused(pipes, "fdinfo-3.img: message at offset 8: fd is none, expected a number");
        rewrite(fifos, "files.img", CriuFileKind.FILES, entry -> entry.hasField(17) ? with(entry, 17, 5) : entry);
        assertRefused(fifos, "fifo is a field of another type, expected a text or a message");
    }

    @Test
    void entryOfFilesForTheSecondTimeIsRefused() throws Exception {
        rewriteEntry(pipes, 18, 1, 9);
        assertRefused(pipes, "files.img: message at offset ", ": pipe: id is 9 for the second time, expected another one for each file");
    }

    @Test
    void accessModeThatThereIsNotIsRefused() throws Exception {
        rewriteEntry(pipes, 18, 3, 3);
        assertRefused(pipes, "access mode of flags is 3, expected 0 (O_RDONLY), 1 (O_WRONLY) or 2 (O_RDWR)");
    }

    @Test
    void signalOwnerThatThereIsNotIsRefused() throws Exception {
        rewriteEntry(pipes, 18, 4, message(1, 0, 2, 0, 3, 65, 4, 0, 5, 1));
        assertRefused(pipes, ": pipe: fown: signum, pid_type is 65, 0, expected at most 64, and 0 to 2");
        rewriteEntry(pipes, 18, 4, message(1, 0, 2, 0, 3, 1, 4, 3, 5, 1));
        assertRefused(pipes, ": pipe: fown: signum, pid_type is 1, 3, expected at most 64, and 0 to 2");
    }

    @Test
    void fifoWithoutAPathIsRefused() throws Exception {
        rewriteEntry(fifos, 17, 3, 4711);
        assertRefused(fifos, ": fifo: regf_id is ", "4711");
        copyAgain();
        rewrite(fifos, "files.img", CriuFileKind.FILES, entry ->
                entry.hasField(3) ? with(entry, 3, with(within(entry, 3), 1, 4711)) : entry);
        assertRefused(fifos, ": fifo: regf_id is none of a file with a path, expected the id of one");
    }

    private void copyAgain() throws IOException {
        try (Stream<Path> files = Files.list(fifos)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        DumpFiles.copy("fifos", directory);
    }

    @Test
    void pathThatTheKernelWouldNotWriteIsRefused() throws Exception {
        for (String path : List.of("", "fifo", "/", "/a//b", "/a/../b", "/a/.", "/a/", "/a\0b", "/" + "x".repeat(4_095))) {
            rewriteEntry(fifos, 3, 6, path);
            assertRefused(fifos, "files.img: message at offset ", ": reg: name is '", ", expected an absolute path of at most 4095 bytes");
        }
    }

    @Test
    void nameOfAProgramThatTheKernelWouldNotWriteIsRefused() throws Exception {
        String core = "core-" + pid(pipes) + ".img";
        rewrite(pipes, core, CriuFileKind.CORE, entry -> with(entry, 3, with(within(entry, 3), 6, "x".repeat(65))));
        assertRefused(pipes, core + ": message at offset 8: tc: comm is a text of 65 bytes, expected one without a NUL, of at most 64");
    }

    @Test
    void dumpOfAVeryOldCriuIsRefused() throws Exception {
        rewrite(pipes, CriuDump.INVENTORY, CriuFileKind.INVENTORY, inventory -> with(inventory, 2, 0));
        assertRefused(pipes, "inventory.img: message at offset 4: fdinfo_per_id is not set, expected 1");
    }

    @Test
    void bytesBehindTheOnlyMessageAreRefused() throws Exception {
        List<UnknownFieldSet> twice = new ArrayList<>(DumpFiles.read(pipes.resolve(CriuDump.INVENTORY), CriuFileKind.INVENTORY));
        twice.add(twice.get(0));
        DumpFiles.write(pipes.resolve(CriuDump.INVENTORY), CriuFileKind.INVENTORY, twice);
        assertRefused(pipes, "inventory.img: 82 bytes follow its message, expected none");
    }

    @Test
    void moreContentsThanAnImageMayHaveOfPipesAreRefused() throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(Arrays.copyOf(Files.readAllBytes(fifos.resolve("fifo-data.img")), 8));
        for (int i = 0; i <= Image.MOST_DESCRIPTORS; i++) {
            byte[] message = message(1, i, 2, 0).toByteArray();
            file.writeBytes(new byte[] {(byte) message.length, 0, 0, 0});
            file.writeBytes(message);
        }
        Files.write(fifos.resolve("fifo-data.img"), file.toByteArray());
        assertRefused(fifos, "fifo-data.img: message at offset ", ": it is the 1048577th of its kind, expected at most 1048576");
    }

    @Test
    void moreDescriptorsThanAnImageMayHaveAreRefusedAlsoWhereATableIsShared() throws Exception {
        int fds = 2_000;
        int processes = Image.MOST_DESCRIPTORS / fds + 1;
        UnknownFieldSet descriptor = DumpFiles.read(fifos.resolve("fdinfo-2.img"), CriuFileKind.DESCRIPTORS).get(3);
        DumpFiles.write(fifos.resolve("fdinfo-2.img"), CriuFileKind.DESCRIPTORS,
                IntStream.range(0, fds).mapToObj(fd -> with(descriptor, 4, fd)).toList());
        DumpFiles.write(fifos.resolve("pstree.img"), CriuFileKind.PROCESSES,
                IntStream.rangeClosed(1, processes).mapToObj(pid -> message(1, pid, 2, 0, 3, 1, 4, 1)).toList());
        for (int pid = 1; pid <= processes; pid++) {
            DumpFiles.write(fifos.resolve("ids-" + pid + ".img"), CriuFileKind.IDS, List.of(message(1, 1, 2, 2, 3, 1, 4, 1)));
        }
        assertRefused(fifos, "ids-" + processes + ".img: message at offset 8: files_id is 2, with which the processes have 1050000 descriptors,"
                + " expected at most 1048576");
    }

    @Test
    void whatIsNoRegularFileIsNotOpened() throws Exception {
        for (String name : List.of("pstree.img", "files.img", "pipes-data.img", "remap-fpath.img")) {
            Path dump = DumpFiles.copy("pipes", directory.resolve(name));
            Files.deleteIfExists(dump.resolve(name));
            PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, PathCalls.bytes(dump.resolve(name).toString()), 0600);
            assertRefused(dump, name + ": a FIFO, not a regular file");
            Files.delete(dump.resolve(name));
            Files.createSymbolicLink(dump.resolve(name), Path.of("core-1.img"));
            assertRefused(dump, name + ": a symbolic link that leads to no file");
        }
    }

    @Test
    void directoryWithoutAnInventoryIsNoDump() {
        String message = assertThrows(StandpipeException.class, () -> CriuDump.in(directory)).getMessage();
        assertTrue(message.endsWith("inventory.img: there is no such file"), message);
    }
}
