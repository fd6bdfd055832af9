// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.FakeObjectStore;
import io.standpipe.testkit.RadosGateway;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.S3Settings;
import io.standpipe.testkit.SeedImage;
import io.standpipe.testkit.TestProcess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Images that the command keeps in an object store. */
class S3CommandTest {

    private static final String KEY = "some/app.ckpt";
    private static final String PLACE = "s3://" + FakeObjectStore.BUCKET + "/" + KEY;
    private static final byte[] BYTES = RandomBytes.of(50_000);
    private static final byte[] IMAGE = SeedImage.onePipe(5, 6, BYTES);

    @TempDir
    Path directory;

    private FakeObjectStore store;
    private S3Settings settings;

    @BeforeEach
    void start() throws Exception {
        store = new FakeObjectStore();
        settings = settings(store.endpoint());
    }

    @AfterEach
    void end() {
        settings.close();
        store.close();
    }

    private static S3Settings settings(String endpoint) {
        return new S3Settings(endpoint, RadosGateway.ACCESS_KEY, RadosGateway.SECRET_KEY);
    }

    /** Runs the command in a process of its own, which has the store in its environment. */
    private static CommandRun elsewhere(String endpoint, Object... arguments) throws Exception {
        return CommandRun.shell("AWS_ENDPOINT_URL_S3=" + endpoint + " AWS_ACCESS_KEY_ID=" + RadosGateway.ACCESS_KEY
                + " AWS_SECRET_ACCESS_KEY=" + RadosGateway.SECRET_KEY + " exec \"$@\"", arguments);
    }

    private static void writeHereRestoreElsewhere(String endpoint) throws Exception {
        try (TestProcess process = TestProcess.holding(BYTES)) {
            CommandRun run = CommandRun.here("checkpoint", "--pid", process.pid(), "--fd", 0, "--output", PLACE);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.contains("to " + PLACE + " ("), run.err);
        }
        CommandRun restored = elsewhere(endpoint, "restore", PLACE, "--", "cat");
        assertEquals(0, restored.exitStatus, restored.err);
        assertArrayEquals(BYTES, restored.outBytes);
    }

    @Test
    void oneProcessWritesAnotherRestores() throws Exception {
        writeHereRestoreElsewhere(store.endpoint());
        assertEquals(0, store.uploads());
    }

    @Test
    void oneProcessWritesAnotherRestoresThroughARealStore() throws Exception {
        try (RadosGateway gateway = RadosGateway.start()) {
            settings.with("aws.endpointUrl", gateway.endpoint());
            try (S3Client client = S3Client.builder().region(Region.US_EAST_1).httpClientBuilder(UrlConnectionHttpClient.builder()).build()) {
                client.createBucket(bucket -> bucket.bucket(FakeObjectStore.BUCKET));
            }
            writeHereRestoreElsewhere(gateway.endpoint());
        }
    }

    @Test
    void showAndExtractReadAnObject() throws Exception {
        store.put(KEY, IMAGE);
        assertTrue(CommandRun.here("show", PLACE).succeeded().out.startsWith(PLACE + ": "));
        assertTrue(CommandRun.here("show", "--json", PLACE).succeeded().out.contains("\"records\""));
        Path file = Files.write(directory.resolve("app.ckpt"), IMAGE);
        assertArrayEquals(
                CommandRun.of("extract", file).succeeded().outBytes, elsewhere(store.endpoint(), "extract", PLACE).succeeded().outBytes);
    }

    @Test
    void reportNamesTheObject() throws Exception {
        try (TestProcess process = TestProcess.holding(BYTES)) {
            CommandRun run = CommandRun.here("checkpoint", "--json", "--pid", process.pid(), "--fd", 0, "--output", PLACE);
            assertTrue(run.out.contains("\"image\": \"" + PLACE + "\""), run.out);
        }
    }

    @Test
    void truncatedObjectIsRefused() throws Exception {
        byte[] image = IMAGE;
        store.put(KEY, Arrays.copyOf(image, image.length - 10));
        CommandRun.here("show", PLACE).failed(3, PLACE);
        CommandRun run = elsewhere(store.endpoint(), "restore", PLACE, "--", "echo", "restored");
        run.failed(125, PLACE);
        assertEquals("", run.out);
    }

    @Test
    void failedCheckpointLeavesNothing() throws Exception {
        store.fault(10, "PUT", "", FakeObjectStore.answering(403, "AccessDenied"));
        try (TestProcess process = TestProcess.holding(BYTES)) {
            CommandRun.here("checkpoint", "--pid", process.pid(), "--fd", 0, "--output", PLACE).failed(4, PLACE, "s3:PutObject");
            TestProcess.awaitQueued(process.pid(), 0, BYTES.length);
        }
        assertNull(store.object(KEY));
    }

    @Test
    void missingObjectIsNamed() {
        CommandRun.here("show", PLACE).failed(1, PLACE, "no such object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://", "s3://bucket", "s3://bucket/", "s3:///key", "s3://bucket/directory/", "s3://user:secret@bucket/key"})
    void incompleteNameIsWrongUsage(String place) {
        CommandRun run = CommandRun.here("checkpoint", "--pid", ProcessHandle.current().pid() + 1, "--output", place).failed(2, "s3://BUCKET/KEY");
        assertFalse(run.err.contains("secret"), run.err);
        CommandRun.here("show", place).failed(2, "s3://BUCKET/KEY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gs://bucket/key", "https://host/key", "S3://bucket/key"})
    void otherUrlIsWrongUsage(String place) {
        CommandRun.here("show", place).failed(2, "is a URL", "s3://BUCKET/KEY", "./" + place);
    }

    @Test
    void urlsAreForImagesOnly() {
        CommandRun.here("attach", ProcessHandle.current().pid(), "checkpoint", "--output", PLACE).failed(2, "is a URL");
        CommandRun.here("drain", "--pid", ProcessHandle.current().pid(), "--fd", 0, "--output", PLACE).failed(2, "is a URL");
    }

    @Test
    void fileOfThatNameIsNamedFromItsDirectory() throws Exception {
        Files.createDirectories(directory.resolve("s3:/bucket"));
        Files.write(directory.resolve("s3:/bucket/key"), IMAGE);
        CommandRun run = CommandRun.shell("cd " + directory + " && exec \"$@\"", "show", "./s3://bucket/key").succeeded();
        assertTrue(run.out.startsWith("./s3:/bucket/key: "), run.out);
    }

    @Test
    void missingSdkIsNamed() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> !path.contains("awssdk"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(CommandRun.java(classPath, Main.class.getName()));
        command.addAll(List.of("show", PLACE));
        CommandRun.program(command).failed(4, PLACE, "the AWS SDK", "standpipe-s3.jar");
    }

    @Test
    void settingsThatCannotBeUsedAreNamed() {
        settings.with("aws.endpointUrl", "junk");
        CommandRun.here("show", PLACE).failed(4, PLACE, "AWS_ENDPOINT_URL_S3");
    }
}
