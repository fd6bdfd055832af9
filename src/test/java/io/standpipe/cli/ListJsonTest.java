// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.standpipe.LiveActivity;
import io.standpipe.LivePipe;
import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code standpipe list --json}, against docs/list.schema.json. */
@Alone("it has copies of all ends on the machine for a moment, which others would take for holders")
@ExtendWith(DescriptorLeakCheck.class)
class ListJsonTest {

    private static final Path SCHEMA = Path.of("docs/list.schema.json");

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @Test
    void outputOfManySituationsIsAsTheSchemaSays() throws Exception {
        Path fifo = directory.resolve("a \"fifo\"");
        String waiting = "mkfifo \"$0\"; exec cat \"$0\"";
        try (TestProcess full = TestProcess.shellWithoutPipes("yes | exec sleep 1000");
                TestProcess opener = TestProcess.of(List.of("sh", "-c", waiting, fifo.toString())).awaitBecome("cat");
                SocketPair pair = SocketPair.start(directory, "write").awaitStuck();
                TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(new byte[77])) {
            int reader = full.awaitDescendant("sleep");
            Await.until("all is in place", () -> {
                String all = CommandRun.here("list", "--blocked").out;
                return all.contains("process " + reader) && all.contains("process " + opener.pid()) && all.contains("process " + pair.child());
            });
            JsonObject list = validated(CommandRun.here("list", "--json").out);
            assertTrue(list.getAsJsonArray("pipes").size() >= 5, list.toString());
            validated(CommandRun.here("list", "--json", "--blocked").out);
            validated(CommandRun.here("list", "--json", "--follow", reader).out);

            int pid = process.pid();
            JsonObject own = validated(CommandRun.here("list", "--json", "--pid", pid + "," + pair.child()).out);
            JsonObject input = only(own.getAsJsonArray("pipes"), "queuedBytes", "77");
            assertTrue(input.get("fifo").isJsonNull());
            assertFalse(input.get("full").getAsBoolean() || input.get("stuck").getAsBoolean());
            JsonObject holder = only(input.getAsJsonArray("holders"), "end", "\"read\"");
            assertEquals(pid, holder.get("pid").getAsInt());
            assertEquals("sleep 1000", holder.get("commandLine").getAsString());
            assertEquals("waits_elsewhere", holder.getAsJsonObject("activity").get("kind").getAsString());
            JsonObject socket = only(own.getAsJsonArray("sockets"), "stuck", "true");
            assertTrue(socket.get("pair").getAsBoolean());
        }
    }

    @Test
    void openerOfAFifoIsListed() throws Exception {
        Path fifo = directory.resolve("f");
        try (TestProcess opener = TestProcess.shellWithoutPipes("mkfifo '" + fifo + "'; exec cat '" + fifo + "'").awaitBecome("cat")) {
            Await.until("it waits in open", () -> CommandRun.here("list", "--pid", opener.pid()).out.contains("waits in open"));
            JsonObject list = validated(CommandRun.here("list", "--json", "--pid", opener.pid()).out);
            JsonObject pipe = list.getAsJsonArray("pipes").get(0).getAsJsonObject();
            assertEquals(fifo.toString(), pipe.get("fifo").getAsString());
            assertEquals("awaits_other_end", pipe.get("state").getAsString());
            assertEquals("read", pipe.getAsJsonArray("openers").get(0).getAsJsonObject().get("end").getAsString());
        }
    }

    @Test
    void processesThatCannotBeLookedAtAreNamedWithTheRightThatIsMissing() throws Exception {
        OtherUser user = OtherUser.in(directory);
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep")) {
            JsonObject list = validated(user.run("list", "--json").out);
            JsonObject unseen = only(list.getAsJsonArray("unseen"), "pid", Integer.toString(process.pid()));
            assertTrue(unseen.get("reason").getAsString().contains("it belongs to user root (uid 0)"), unseen.toString());
            assertEquals("sleep", unseen.get("name").getAsString());
        }
    }

    @Test
    void schemaNamesEveryStateAndEveryKindOfActivity() throws Exception {
        JsonObject definitions = JsonParser.parseString(Files.readString(SCHEMA)).getAsJsonObject().getAsJsonObject("$defs");
        assertEquals(words(LivePipe.State.values()), words(definitions, "pipe", "state"));
        assertEquals(words(LiveActivity.Kind.values()), words(definitions, "activity", "kind"));
    }

    private static List<String> words(Enum<?>[] constants) {
        return Arrays.stream(constants).map(constant -> constant.name().toLowerCase(Locale.ROOT)).sorted().toList();
    }

    private static List<String> words(JsonObject definitions, String type, String property) {
        JsonArray words = definitions.getAsJsonObject(type).getAsJsonObject("properties").getAsJsonObject(property).getAsJsonArray("enum");
        return StreamSupport.stream(words.spliterator(), false).map(word -> word.getAsString()).sorted().toList();
    }

    private static JsonObject validated(String json) throws Exception {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(Files.readString(SCHEMA), InputFormat.JSON);
        assertEquals(List.of(), new ArrayList<>(schema.validate(json, InputFormat.JSON)), json);
        return JsonParser.parseString(json).getAsJsonObject();
    }

    private static JsonObject only(JsonArray objects, String property, String value) {
        List<JsonObject> found = objects.asList().stream()
                .map(each -> each.getAsJsonObject())
                .filter(each -> each.get(property).toString().equals(value))
                .toList();
        assertEquals(1, found.size(), objects.toString());
        return found.get(0);
    }
}
