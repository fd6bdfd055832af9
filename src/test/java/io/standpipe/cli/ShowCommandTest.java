// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.Checkpoint;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.SeriesImage;
import io.standpipe.testkit.TestProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ShowCommandTest {

    private static final int CAPACITY_BYTES = 65_536;

    @TempDir
    Path directory;

    @Test
    void barsShowFullHalfFullAndEmptyPipes() throws Exception {
        Path image = save("3", "-", "x".repeat(CAPACITY_BYTES), "4", "-", "x".repeat(CAPACITY_BYTES / 2), "5", "6", "");
        String out = CommandRun.of("show", image).succeeded().out;
        assertContains(out, "[" + "#".repeat(20) + "] 65,536 of 65,536 bytes");
        assertContains(out, "[" + "#".repeat(10) + ".".repeat(10) + "] 32,768 of 65,536 bytes");
        assertContains(out, "[" + ".".repeat(20) + "] 0 of 65,536 bytes");
    }

    @Test
    void barOfOneByteIsNotEmptyAndBarOfOneByteLessThanFullIsNotFull() throws Exception {
        Path image = save("3", "-", "x", "4", "-", "x".repeat(CAPACITY_BYTES - 1));
        String out = CommandRun.here("show", image).succeeded().out;
        assertContains(out, "[#" + ".".repeat(19) + "] 1 of 65,536 bytes");
        assertContains(out, "[" + "#".repeat(19) + ".] 65,535 of 65,536 bytes");
    }

    @Test
    void textNamesImageProcessAndFds() throws Exception {
        Path image = directory.resolve("app.ckpt");
        long pid;
        try (PipeHolder holder = PipeHolder.of("7", "12", "payload")) {
            pid = holder.pid();
            Checkpoint.ofProcess(pid).writeTo(image);
        }
        String out = CommandRun.here("show", image).succeeded().out;
        assertTrue(out.startsWith(image + ": "), out);
        assertContains(out, "\nprocess " + pid + " (sleep ");
        assertTrue(out.matches("(?s).*\\n  fd 7 +read +pipe \\d+, description \\d+\\n.*"), out);
        assertTrue(out.matches("(?s).*\\n  fd 12 +write +pipe \\d+, description \\d+\\n.*"), out);
    }

    @Test
    void processIsShownWithItsCommandLineAndUser() throws Exception {
        Path image = directory.resolve("named.ckpt");
        Path uid = Path.of("/proc/self");
        int pid;
        try (TestProcess process = TestProcess.shell("exec tail -f /dev/null \"$(printf 'odd\\033[1m name')\"").awaitBecome("tail")) {
            pid = process.pid();
            Checkpoint.ofProcess(pid).writeTo(image);
        }
        String user = Files.getOwner(uid).getName();
        assertContains(
                CommandRun.here("show", image).succeeded().out, "\nprocess " + pid + " (tail -f /dev/null 'odd\\x1b[1m name'), user " + user + "\n");
        JsonObject process = parse("show", "--json", image).getAsJsonObject().getAsJsonArray("processes").get(0).getAsJsonObject();
        assertEquals("tail", process.get("name").getAsString());
        assertEquals("[\"tail\",\"-f\",\"/dev/null\",\"odd\\u001b[1m name\"]", process.get("arguments").toString());
        assertEquals(user, process.get("user").getAsString());
        assertEquals(Files.getAttribute(uid, "unix:uid"), process.get("uid").getAsInt());
        assertFalse(process.get("argumentsCut").getAsBoolean());
    }

    @Test
    void longCommandLineIsCutAndSoIsShown() throws Exception {
        Path image = directory.resolve("long.ckpt");
        try (TestProcess process = TestProcess.shell("exec sleep 1000 $(seq 1 3000 | sed 's/.*/0.0001/')").awaitBecome("sleep")) {
            Checkpoint.ofProcess(process.pid()).writeTo(image);
        }
        assertContains(CommandRun.here("show", image).succeeded().out, " 0.0001 0.0 ...), user ");
    }

    @Test
    void processesOfAnOlderImageAreShownByTheirPids() throws Exception {
        Path image = Files.write(directory.resolve("old.ckpt"), SeedImage.onePipe(3, 4, new byte[5]));
        assertContains(CommandRun.here("show", image).succeeded().out, "\nprocess 100\n");
        JsonObject process = parse("show", "--json", image).getAsJsonObject().getAsJsonArray("processes").get(0).getAsJsonObject();
        assertFalse(process.has("arguments") || process.has("user"));
    }

    @Test
    void imageOfAKernelOfTheSeriesIsShownWithWhatIsLeftOut() throws Exception {
        Path image = Files.write(directory.resolve("series.ckpt"), SeriesImage.small(SeriesImage.Version.V23));
        String out = CommandRun.here("show", image).succeeded().out;
        assertTrue(out.matches("(?s).*\\n\\d+ records of what is no pipe skipped\\n.*"), out);
        assertContains(out, "\n  fd 0    terminal, which restore leaves out\n");
        assertContains(out, "\nprocess 102\n  has ended\n");
        JsonObject json = parse("show", "--json", image).getAsJsonObject();
        assertTrue(json.get("otherRecords").getAsInt() > 0);
        JsonObject process = json.getAsJsonArray("processes").get(0).getAsJsonObject();
        assertEquals("{\"fd\":5,\"file\":\"socket\"}", process.getAsJsonArray("otherDescriptors").get(2).toString());
    }

    @Test
    void pipeIsShownWithTheNumberThatListHas() throws Exception {
        Path image = directory.resolve("numbered.ckpt");
        try (PipeHolder holder = PipeHolder.of("7", "12", "payload")) {
            String listed = CommandRun.here("list", "--pid", holder.pid()).outLines().get(0);
            Checkpoint.ofProcess(holder.pid()).writeTo(image);
            String name = listed.substring(0, listed.indexOf("  "));
            assertTrue(name.matches("pipe \\d+"), listed);
            assertContains(CommandRun.here("show", image).succeeded().out, " 7 of 65,536 bytes, was " + name + "\n");
        }
    }

    @Test
    void jsonHasTheValuesOfTheImage() throws Exception {
        Path image = save("7", "12", "payload");
        JsonObject json = parse("show", "--json", image).getAsJsonObject();
        assertEquals(Files.size(image), json.get("sizeBytes").getAsLong());
        assertEquals(0, json.get("unknownRecords").getAsInt());
        JsonObject process = json.getAsJsonArray("processes").get(0).getAsJsonObject();
        JsonArray descriptors = process.getAsJsonArray("descriptors");
        assertEquals(2, descriptors.size());
        JsonObject read = descriptors.get(0).getAsJsonObject();
        JsonObject write = descriptors.get(1).getAsJsonObject();
        assertEquals(7, read.get("fd").getAsInt());
        assertEquals(12, write.get("fd").getAsInt());
        assertFalse(read.get("closeOnExec").getAsBoolean());
        assertEquals(0, read.get("flags").getAsInt() & 3);
        assertEquals(1, write.get("flags").getAsInt() & 3);
        assertEquals(read.get("pipe").getAsInt(), write.get("pipe").getAsInt());
    }

    @Test
    void jsonHasTheOffsetOfThePayload() throws Exception {
        Path image = save("7", "12", "payload");
        JsonArray pipes = parse("show", "--json", image).getAsJsonObject().getAsJsonArray("pipes");
        assertEquals(1, pipes.size());
        JsonObject pipe = pipes.get(0).getAsJsonObject();
        assertEquals(CAPACITY_BYTES, pipe.get("capacityBytes").getAsInt());
        assertEquals("payload".length(), pipe.get("queuedBytes").getAsInt());
        assertFalse(pipe.get("readEndOutside").getAsBoolean());
        assertFalse(pipe.get("writeEndOutside").getAsBoolean());
        int offset = pipe.get("payloadOffset").getAsInt();
        String text = new String(Files.readAllBytes(image), StandardCharsets.ISO_8859_1);
        assertEquals("payload", text.substring(offset, offset + "payload".length()));
    }

    @Test
    void recordsBeginWithHeaderAndEndWithTail() throws Exception {
        Path image = save("7", "12", "payload");
        List<String> lines = CommandRun.here("show", "--records", image).succeeded().outLines();
        assertTrue(lines.get(0).matches(" *0 +HEADER +\\d+"), lines.get(0));
        assertTrue(lines.get(lines.size() - 1).matches(" *\\d+ +TAIL +\\d+"), lines.get(lines.size() - 1));
    }

    @Test
    void recordsAsJsonCoverTheWholeImage() throws Exception {
        Path image = save("7", "12", "payload");
        JsonArray records = parse("show", "--records", "--json", image).getAsJsonArray();
        JsonObject first = records.get(0).getAsJsonObject();
        JsonObject last = records.get(records.size() - 1).getAsJsonObject();
        assertEquals("HEADER", first.get("name").getAsString());
        assertEquals(1, first.get("type").getAsInt());
        assertEquals("TAIL", last.get("name").getAsString());
        long end = 0;
        for (int i = 0; i < records.size(); i++) {
            JsonObject record = records.get(i).getAsJsonObject();
            assertEquals(end, record.get("offset").getAsLong());
            end += record.get("length").getAsLong();
        }
        assertEquals(Files.size(image), end);
    }

    private Path save(String... pipes) throws Exception {
        return PipeHolder.save(directory.resolve("app.ckpt"), pipes);
    }

    private static JsonElement parse(Object... arguments) throws Exception {
        return JsonParser.parseString(CommandRun.here(arguments).succeeded().out);
    }

    private static void assertContains(String out, String part) {
        assertTrue(out.contains(part), () -> "\"" + part + "\" is expected in: " + out);
    }
}
