// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.Checkpoint;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.SignalOwner;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class ShowJsonTest {

    /** A locale whose encoding lacks most characters. */
    private static final List<String> OTHER_LOCALE = List.of("env", "LC_ALL=C");
    private static final int SIGURG = 23;

    @TempDir
    Path directory;

    @Test
    void buffersAndPacketsAreListed() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            FdCalls.setStatusFlags(pipe.writeFd(), Flags.oDirect());
            for (int length : new int[] {3, 3, 1}) {
                FileCalls.write(pipe.writeFd(), NativeMemory.nativeOrder(length), 0, length);
            }
            JsonObject shown = onlyPipe(show(pipe.readFd(), pipe.writeFd()));
            assertEquals("pipe", shown.get("type").getAsString());
            assertFalse(shown.get("unlinked").getAsBoolean());
            JsonArray buffers = shown.getAsJsonArray("buffers");
            assertEquals(
                    "[{\"lengthBytes\":3,\"count\":2,\"packet\":true},{\"lengthBytes\":1,\"count\":1,\"packet\":true}]",
                    buffers.toString());
            assertEquals(0, shown.get("lastBufferEnd").getAsInt());
        }
    }

    @Test
    void buffersOfPlainWritesAreNotListed() throws Exception {
        try (TestPipe pipe = TestPipe.holding(new byte[5000])) {
            assertFalse(onlyPipe(show(pipe.readFd())).has("buffers"));
        }
    }

    @Test
    void accessOwnerAndSignalAreListed() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            int self = (int) ProcessHandle.current().pid();
            FdCalls.setSignalOwner(pipe.writeFd(), new SignalOwner(SignalOwner.PROCESS, self));
            FdCalls.setSignal(pipe.writeFd(), SIGURG);
            JsonArray descriptors = descriptors(show(pipe.readFd(), pipe.writeFd()));
            JsonObject read = descriptors.get(0).getAsJsonObject();
            JsonObject write = descriptors.get(1).getAsJsonObject();
            assertEquals("read", read.get("access").getAsString());
            assertEquals("write", write.get("access").getAsString());
            assertFalse(read.has("owner"));
            assertFalse(read.has("path"));
            assertEquals("process", write.get("ownerType").getAsString());
            assertEquals(self, write.get("owner").getAsInt());
            assertEquals(SIGURG, write.get("signal").getAsInt());
        }
    }

    @Test
    void fifoPathIsListedAsTextInTheCLocale() throws Exception {
        byte[] path = path("line\nfeed \u202e\"\u00e4".getBytes(StandardCharsets.UTF_8));
        JsonObject json = showFifo(path, false);
        JsonObject descriptor = descriptors(json).get(0).getAsJsonObject();
        assertEquals(new String(path, StandardCharsets.UTF_8), descriptor.get("path").getAsString());
        assertEquals(HexFormat.of().formatHex(path), descriptor.get("pathHex").getAsString());
        assertTrue(descriptor.get("metNoWriter").getAsBoolean());
        assertEquals("fifo", onlyPipe(json).get("type").getAsString());
        assertFalse(onlyPipe(json).get("unlinked").getAsBoolean());
    }

    @Test
    void fifoPathThatIsNoTextIsListedInHexOnly() throws Exception {
        byte[] path = path(new byte[] {'a', (byte) 0xff, 'b'});
        JsonObject json = showFifo(path, true);
        JsonObject descriptor = descriptors(json).get(0).getAsJsonObject();
        assertTrue(descriptor.get("path").isJsonNull());
        assertEquals(HexFormat.of().formatHex(path), descriptor.get("pathHex").getAsString());
        assertTrue(onlyPipe(json).get("unlinked").getAsBoolean());
    }

    private byte[] path(byte[] name) throws Exception {
        byte[] parent = PathCalls.bytes(directory.toRealPath() + "/");
        byte[] path = new byte[parent.length + name.length];
        System.arraycopy(parent, 0, path, 0, parent.length);
        System.arraycopy(name, 0, path, parent.length, name.length);
        return path;
    }

    private JsonObject showFifo(byte[] path, boolean unlinked) throws Exception {
        PathCalls.makeFifo(FileCalls.CURRENT_DIRECTORY, path, 0600);
        try (Fd root = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/", Flags.O_PATH, 0);
                Fd end = PathCalls.openInRoot(root.number(), path, Flags.O_RDONLY | Flags.O_NONBLOCK)) {
            if (unlinked) {
                PathCalls.unlink(FileCalls.CURRENT_DIRECTORY, path);
            }
            return json(CommandRun.through(OTHER_LOCALE, "show", "--json", save(end.number())));
        }
    }

    private JsonObject show(int... descriptors) throws Exception {
        return json(CommandRun.here("show", "--json", save(descriptors)));
    }

    private Path save(int... descriptors) throws Exception {
        Path image = directory.resolve("app.ckpt");
        Checkpoint.ofDescriptors(descriptors).writeTo(image);
        return image;
    }

    private static JsonObject json(CommandRun run) {
        return JsonParser.parseString(run.succeeded().out).getAsJsonObject();
    }

    private static JsonObject onlyPipe(JsonObject json) {
        assertEquals(1, json.getAsJsonArray("pipes").size());
        return json.getAsJsonArray("pipes").get(0).getAsJsonObject();
    }

    private static JsonArray descriptors(JsonObject json) {
        return json.getAsJsonArray("processes").get(0).getAsJsonObject().getAsJsonArray("descriptors");
    }
}
