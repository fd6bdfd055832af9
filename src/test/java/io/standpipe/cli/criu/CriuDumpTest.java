// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.standpipe.Image;
import io.standpipe.internal.sys.Flags;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class CriuDumpTest {

    @TempDir
    Path directory;

    private static Map<Integer, CriuDump.Descriptor> descriptors(CriuDump.Process process) {
        return process.table().descriptors().stream().collect(Collectors.toMap(CriuDump.Descriptor::fd, Function.identity()));
    }

    private static String contents(CriuDump dump, CriuDump.End end) throws Exception {
        CriuDump.Contents contents = dump.contents().get(end.pipe());
        byte[] all = Files.readAllBytes(dump.directory().resolve(end.pipe().isFifo() ? "fifo-data.img" : "pipes-data.img"));
        int offset = (int) contents.offsetBytes();
        return new String(all, offset, (int) contents.lengthBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void processesWithTheirDescriptorsAndWhatIsSharedAreRead() throws Exception {
        CriuDump dump = CriuDump.in(DumpFiles.copy("pipes", directory));
        assertEquals(List.of(3, 2), List.of(dump.processes().size(), dump.imagesVersion()));
        assertEquals("x86_64", dump.machine());
        CriuDump.Process parent = dump.processes().get(0);
        CriuDump.Process child = dump.processes().get(1);
        assertEquals(parent.pid(), child.parentPid());
        assertEquals(List.of(parent.pid(), parent.pid()), List.of(child.processGroup(), child.session()));
        assertEquals("target", new String(parent.name(), StandardCharsets.US_ASCII));
        assertEquals(OptionalLong.of(0), parent.userId());
        Map<Integer, CriuDump.Descriptor> ofParent = descriptors(parent);
        Map<Integer, CriuDump.Descriptor> ofChild = descriptors(child);
        assertEquals(Set.of(20, 21, 22, 23, 24, 25, 26, 27, 29), ofParent.keySet());
        assertEquals(Set.of(20, 22, 23), ofChild.keySet());
        assertSame(ofParent.get(20).end(), ofParent.get(22).end());
        assertSame(ofParent.get(20).end(), ofChild.get(20).end());
        assertEquals(ofParent.get(20).end().pipe(), ofParent.get(23).end().pipe());
        assertEquals(List.of(false, true), List.of(ofParent.get(20).closeOnExec(), ofParent.get(23).closeOnExec()));
        assertEquals(Flags.O_NONBLOCK, ofParent.get(23).end().flags() & (Flags.O_NONBLOCK | Flags.O_ACCMODE));
        assertEquals(Flags.O_WRONLY, ofParent.get(21).end().flags());
        assertEquals("shared\n", contents(dump, ofChild.get(20).end()));
    }

    @Test
    void processThatHadEndedHasNoTable() throws Exception {
        CriuDump dump = CriuDump.in(DumpFiles.copy("pipes", directory));
        assertNull(dump.processes().get(2).table());
    }

    @Test
    void capacityContentsAndSignalOwnerAreRead() throws Exception {
        CriuDump dump = CriuDump.in(DumpFiles.copy("pipes", directory));
        CriuDump.Process parent = dump.processes().get(0);
        Map<Integer, CriuDump.Descriptor> found = descriptors(parent);
        assertEquals("0123456789".repeat(500), contents(dump, found.get(24).end()));
        assertEquals(OptionalLong.of(16_384), dump.contents().get(found.get(24).end().pipe()).capacityBytes());
        assertEquals(new Image.Owner(Image.Owner.Type.GROUP, parent.processGroup(), 10), found.get(26).end().owner());
        assertEquals(Flags.O_ASYNC | Flags.O_NONBLOCK, found.get(26).end().flags());
        assertNull(found.get(24).end().owner());
        assertNull(dump.contents().get(found.get(29).end().pipe()), "nobody could read it");
    }

    @Test
    void ownerWithoutASignalOfItsOwnIsSentSigio() throws Exception {
        Path copy = DumpFiles.copy("queue", directory);
        DumpFiles.rewrite(copy.resolve("files.img"), CriuFileKind.FILES, entry -> !entry.hasField(18) ? entry
                : DumpFiles.with(entry, 18, DumpFiles.with(DumpFiles.within(entry, 18), 4, DumpFiles.message(1, 0, 2, 0, 3, 0, 4, 1, 5, 7))));
        CriuDump.End end = CriuDump.in(copy).ends().values().iterator().next();
        assertEquals(new Image.Owner(Image.Owner.Type.PROCESS, 7, 0), end.owner());
    }

    @Test
    void fifosHaveTheirPathsAndModes() throws Exception {
        CriuDump dump = CriuDump.in(DumpFiles.copy("fifos", directory));
        Map<Integer, CriuDump.Descriptor> found = descriptors(dump.processes().get(0));
        CriuDump.End both = found.get(20).end();
        CriuDump.End removed = found.get(22).end();
        assertArrayEquals("/tmp/standpipe-dumps/fifo".getBytes(StandardCharsets.US_ASCII), both.path());
        assertArrayEquals(both.path(), found.get(21).end().path());
        assertEquals(both.pipe(), found.get(21).end().pipe());
        assertEquals(OptionalLong.of(Flags.S_IFIFO | 0640), both.mode());
        assertEquals(List.of(false, true, false), List.of(both.unlinked(), removed.unlinked(), found.get(23).end().unlinked()));
        assertEquals(List.of("in a FIFO\n", "no path\n", ""),
                List.of(contents(dump, both), contents(dump, removed), contents(dump, found.get(23).end())));
    }

    @Test
    void pipeThatOnlyAMessageInASocketHasIsRead() throws Exception {
        CriuDump dump = CriuDump.in(DumpFiles.copy("queue", directory));
        assertEquals(List.of(), dump.processes().get(0).table().descriptors());
        CriuDump.End end = dump.ends().values().iterator().next();
        assertEquals("in a queue\n", contents(dump, end));
        assertEquals(Set.of(end.pipe()), dump.pipes());
    }

    @Test
    void dumpsOfTheOldLayoutSayTheSame() throws Exception {
        for (String kind : List.of("pipes", "fifos", "queue")) {
            Path copy = DumpFiles.copy(kind, directory);
            List<String> expected = described(CriuDump.in(copy));
            DumpFiles.splitFiles(copy);
            assertEquals(expected, described(CriuDump.in(copy)));
            DumpFiles.dropCommonMagic(copy);
            CriuDump dump = CriuDump.in(copy);
            assertEquals(1, dump.imagesVersion());
            assertEquals(expected.size(), described(dump).size());
            assertEquals(described(CriuDump.in(DumpFiles.copy(kind, directory.resolve("again")))).get(0), described(dump).get(0));
        }
    }

    /** Returns processes, and contents without their offsets. */
    private static List<String> described(CriuDump dump) {
        return List.of(
                dump.processes().stream().map(process -> process.pid() + " " + (process.table() == null ? "ended"
                        : process.table().descriptors().stream().map(CriuDumpTest::described).toList())).toList().toString(),
                dump.contents().toString());
    }

    private static String described(CriuDump.Descriptor descriptor) {
        CriuDump.End end = descriptor.end();
        return descriptor.fd() + " " + descriptor.closeOnExec() + " " + end.id() + " " + end.pipe() + " " + end.flags() + " " + end.owner()
                + " " + Arrays.toString(end.path()) + " " + end.unlinked();
    }

    @Test
    void idsAndCredentialsMayBeInFilesOfTheirOwnOrInCore() throws Exception {
        Path dump = DumpFiles.copy("fifos", directory);
        long pid = CriuDump.in(dump).processes().get(0).pid();
        List<String> expected = described(CriuDump.in(dump));
        Path ids = dump.resolve("ids-" + pid + ".img");
        Path core = dump.resolve("core-" + pid + ".img");
        Object inCore = DumpFiles.read(ids, CriuFileKind.IDS).get(0);
        Files.delete(ids);
        DumpFiles.rewrite(core, CriuFileKind.CORE, message -> DumpFiles.with(message, 4, inCore, 5, DumpFiles.message()));
        DumpFiles.write(dump.resolve("creds-" + pid + ".img"), CriuFileKind.CREDENTIALS,
                List.of(DumpFiles.message(1, 7, 2, 8, 3, 1007, 4, 1008)));
        CriuDump changed = CriuDump.in(dump);
        assertEquals(expected, described(changed));
        assertEquals(List.of(OptionalLong.of(1007), OptionalLong.of(1008)),
                List.of(changed.processes().get(0).userId(), changed.processes().get(0).groupId()));
    }

    @Test
    void timeOfTheDumpIsThatOfItsInventory() throws Exception {
        Path dump = DumpFiles.copy("queue", directory);
        Files.setLastModifiedTime(dump.resolve(CriuDump.INVENTORY), FileTime.fromMillis(1_500_000_000_999L));
        assertEquals(1_500_000_000L, CriuDump.in(dump).timeSeconds());
    }
}
