// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.cli.criu.DumpFiles;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code standpipe show} prints of dumps of CRIU: those of src/test/resources/criu. */
@ExtendWith(DescriptorLeakCheck.class)
class ShowDumpTest {

    private static final String TIME = "2026-11-30T18:12:05Z";

    @TempDir
    Path directory;

    private Path copy(String kind) throws Exception {
        Path dump = DumpFiles.copy(kind, directory);
        Files.setLastModifiedTime(dump.resolve("inventory.img"), FileTime.from(Instant.parse(TIME)));
        return dump;
    }

    private static void assertShown(Path dump, String expected) {
        String out = CommandRun.here("show", dump).succeeded().out;
        assertEquals(expected, out.replace(dump.toString(), "DUMP"));
        assertEquals(out, CommandRun.here("show", dump + "/").succeeded().out);
    }

    @Test
    void pipesAndWhoHasThemAreShown() throws Exception {
        assertShown(copy("pipes"), """
                DUMP: dump of CRIU, 11.1 KiB of it about pipes and processes
                taken 2026-11-30T18:12:05Z on x86_64
                process 4736 ([target]), user 0
                  fd 20   read       pipe 325310, description 5
                  fd 21   write      pipe 325310, description 6
                  fd 22   read       pipe 325310, description 5
                  fd 23   read       pipe 325310, description 7, nonblocking, close-on-exec
                  fd 24   read       pipe 325313, description 8
                  fd 25   write      pipe 325313, description 9
                  fd 26   read       pipe 325314, description 10, nonblocking, signal 10 to process group 4736
                  fd 27   write      pipe 325314, description 11
                  fd 29   write      pipe 325315, description 12
                process 4738 ([target]), user 0
                  fd 20   read       pipe 325310, description 5
                  fd 22   read       pipe 325310, description 5
                  fd 23   read       pipe 325310, description 7, nonblocking, close-on-exec
                process 4739
                  has ended
                pipe 325310 [#...................] 7 of 65,536 bytes
                pipe 325313 [######..............] 5,000 of 16,384 bytes
                pipe 325314 [#...................] 13 of 65,536 bytes
                pipe 325315 contents and capacity not saved
                not saved by CRIU: packets and buffers, owner and mode of pipes, and what no dumped process could read
                """);
    }

    @Test
    void fifosAreShownWithTheirPaths() throws Exception {
        assertShown(copy("fifos"), """
                DUMP: dump of CRIU, 3.8 KiB of it about pipes and processes
                taken 2026-11-30T18:12:05Z on x86_64
                process 4773 ([target]), user 0
                  fd 20   read-write pipe 2199164, description 5, nonblocking, FIFO /tmp/standpipe-dumps/fifo
                  fd 21   write      pipe 2199164, description 7, FIFO /tmp/standpipe-dumps/fifo
                  fd 22   read-write pipe 2199165, description 9, FIFO /tmp/standpipe-dumps/removed (unlinked)
                  fd 23   read       pipe 2199166, description 11, nonblocking, FIFO /tmp/standpipe-dumps/read
                pipe 2199164 [#...................] 10 of 65,536 bytes
                pipe 2199165 [#...................] 8 of 65,536 bytes
                pipe 2199166 [....................] 0 of 65,536 bytes
                not saved by CRIU: packets and buffers, owner and mode of pipes
                """);
    }

    @Test
    void pipeInASocketsQueueIsShown() throws Exception {
        assertShown(copy("queue"), """
                DUMP: dump of CRIU, 3.5 KiB of it about pipes and processes
                taken 2026-11-30T18:12:05Z on x86_64
                process 4808 ([target]), user 0
                  no pipes
                pipe 325509 [#...................] 11 of 65,536 bytes
                pipes that none of these descriptors is of: 325509; a message that waits in a socket may have one
                not saved by CRIU: packets and buffers, owner and mode of pipes
                """);
    }

    @Test
    void jsonHasTheSame() throws Exception {
        JsonObject shown = JsonParser.parseString(CommandRun.here("show", "--json", copy("pipes")).succeeded().out).getAsJsonObject();
        assertEquals(2, shown.get("criuImagesVersion").getAsInt());
        assertEquals("x86_64", shown.get("machine").getAsString());
        assertEquals(Instant.parse(TIME).getEpochSecond(), shown.get("time").getAsLong());
        assertFalse(shown.has("imageBeside"));
        JsonObject process = shown.getAsJsonArray("processes").get(0).getAsJsonObject();
        assertEquals("target", process.get("name").getAsString());
        JsonObject descriptor = process.getAsJsonArray("descriptors").get(6).getAsJsonObject();
        assertEquals("{\"fd\":26,\"closeOnExec\":false,\"description\":10,\"access\":\"read\",\"flags\":10240,\"pipe\":325314,"
                + "\"ownerType\":\"process group\",\"owner\":4736,\"signal\":10}", descriptor.toString());
        List<String> pipes = shown.getAsJsonArray("pipes").asList().stream().map(JsonElement::toString).toList();
        assertEquals(List.of(
                "{\"objref\":325310,\"type\":\"pipe\",\"capacityBytes\":65536,\"queuedBytes\":7,\"payloadOffset\":22}",
                "{\"objref\":325313,\"type\":\"pipe\",\"capacityBytes\":16384,\"queuedBytes\":5000,\"payloadOffset\":44}",
                "{\"objref\":325314,\"type\":\"pipe\",\"capacityBytes\":65536,\"queuedBytes\":13,\"payloadOffset\":5058}",
                "{\"objref\":325315,\"type\":\"pipe\"}"), pipes);
        String fifos = CommandRun.here("show", "--json", copy("fifos")).succeeded().out;
        assertTrue(fifos.contains("\"unlinked\": true") && fifos.contains("\"unlinked\": false"), fifos);
    }

    @Test
    void imageBesideADumpIsNamed() throws Exception {
        Path dump = copy("queue");
        Path image = Files.createFile(dump.resolve("standpipe.img"));
        String out = CommandRun.here("show", dump).succeeded().out;
        assertTrue(out.contains("\nan image of the same pipes is there too, and has more: standpipe show " + image + "\n"), out);
        String json = CommandRun.here("show", "--json", dump).succeeded().out;
        assertEquals(image.toString(), JsonParser.parseString(json).getAsJsonObject().get("imageBeside").getAsString());
    }

    @Test
    void numberOfAnInodeMayHaveAllOf32Bits() throws Exception {
        Path dump = copy("queue");
        DumpFiles.renumber(dump, 0xFFFF_FFFEL);
        String out = CommandRun.here("show", dump).succeeded().out;
        assertTrue(out.contains("\npipe 4294967294 [#") && out.contains(" is of: 4294967294;"), out);
        String json = CommandRun.here("show", "--json", dump).succeeded().out;
        assertTrue(json.contains("\"objref\": 4294967294,"), json);
        assertEquals("in a queue\n", new String(CommandRun.of("extract", dump, "--pipe", "4294967294").succeeded().outBytes));
    }

    @Test
    void recordsAreRefusedAndSoIsWhatIsNoDump() throws Exception {
        CommandRun.here("show", "--records", copy("pipes")).failed(2, "which has no records of an image; leave it out");
        CommandRun.here("show", directory).failed(3, directory + ": a directory, not a regular file");
        CommandRun.here("show", directory + "/").failed(2, "is the name of a directory, expected that of a file");
        Files.write(directory.resolve("pipes/pstree.img"), new byte[9]);
        CommandRun.here("show", directory.resolve("pipes")).failed(3, "pipes/pstree.img: it begins with 0x00000000, expected 0x50273030");
    }

    @Test
    void protocolBuffersAreNotLoadedForAnImage() throws Exception {
        ChildRun run = ChildRun.of(TestJvm.command(List.of("-Xlog:class+load"), Main.class, "show", directory.resolve("none").toString()));
        assertTrue(run.output().contains("io.standpipe.cli.ShowCommand"), run::toString);
        assertFalse(run.output().contains("com.google.protobuf"), run::toString);
        assertFalse(run.output().contains("io.standpipe.cli.criu."), run::toString);
    }
}
