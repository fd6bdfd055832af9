// SPDX-License-Identifier: Apache-2.0
package io.standpipe.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.CancelledException;
import io.standpipe.ImageStore;
import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CuttingProxy;
import io.standpipe.testkit.RadosGateway;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Objects of a real S3 store, also through connections that break. */
class S3StoreTest {

    private static final String BUCKET = "images";
    private static final int PART = 8 << 20;
    /** More parts than are under way at once. */
    private static final int MANY_PARTS = 6 * PART;
    private static final URI PLACE = URI.create("s3://" + BUCKET + "/some/app.ckpt");
    private static final S3Store STORE = S3Store.at(PLACE);

    private static RadosGateway gateway;
    private static S3Client client;

    private S3Settings settings;

    @BeforeAll
    static void start() throws Exception {
        gateway = RadosGateway.start();
        client = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create(gateway.endpoint()))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(RadosGateway.ACCESS_KEY, RadosGateway.SECRET_KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        client.createBucket(bucket -> bucket.bucket(BUCKET));
    }

    @AfterAll
    static void end() throws Exception {
        if (gateway != null) {
            client.close();
            gateway.close();
        }
    }

    @BeforeEach
    void settle() {
        settings = settings(gateway.endpoint());
    }

    @AfterEach
    void nothingIsLeft() {
        settings.close();
        assertEquals(0, client.listMultipartUploads(all -> all.bucket(BUCKET)).uploads().size());
        client.deleteObject(object -> object.bucket(BUCKET).key(key()));
    }

    private static S3Settings settings(String endpoint) {
        return new S3Settings(endpoint, RadosGateway.ACCESS_KEY, RadosGateway.SECRET_KEY);
    }

    private static String key() {
        return PLACE.getPath().substring(1);
    }

    private static boolean isThere() {
        try {
            client.headObject(object -> object.bucket(BUCKET).key(key()));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    private void through(CuttingProxy proxy) {
        settings.with("aws.endpointUrl", proxy.endpoint());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300_000, PART - 1, PART, PART + 1, 2 * PART, 6 * PART + 70_000})
    void objectComesBack(int length) throws Exception {
        byte[] bytes = RandomBytes.of(length);
        ObjectIo.write(STORE, bytes);
        assertArrayEquals(bytes, ObjectIo.read(STORE));
    }

    @Test
    void objectIsReplacedOnlyByCommit() throws Exception {
        byte[] first = RandomBytes.of(1000);
        byte[] second = RandomBytes.of(PART + 1000);
        ObjectIo.write(STORE, first);
        try (ImageStore.Writing writing = STORE.create()) {
            ObjectIo.writePieces(writing, second);
            assertArrayEquals(first, ObjectIo.read(STORE));
            writing.commit();
        }
        assertArrayEquals(second, ObjectIo.read(STORE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, PART + 1000, 2 * PART + 1000})
    void closeWithoutCommitLeavesNothing(int length) throws Exception {
        try (ImageStore.Writing writing = STORE.create()) {
            ObjectIo.writePieces(writing, RandomBytes.of(length));
        }
        assertFalse(isThere());
    }

    @Test
    void clientOfTheCallerStaysOpen() throws Exception {
        S3Store store = S3Store.at(client, BUCKET, key());
        byte[] bytes = RandomBytes.of(PART + 5);
        ObjectIo.write(store, bytes);
        assertArrayEquals(bytes, ObjectIo.read(store));
        assertTrue(isThere());
    }

    @Test
    void objectOfAnotherToolIsRead() throws Exception {
        byte[] bytes = RandomBytes.of(500_000);
        client.putObject(object -> object.bucket(BUCKET).key(key()), RequestBody.fromBytes(bytes));
        assertArrayEquals(bytes, ObjectIo.read(STORE));
    }

    @Test
    void objectThatIsNotThereIsNamed() {
        assertFails(StandpipeException.class, () -> ObjectIo.read(STORE), PLACE.toString(), "no such object");
    }

    @Test
    void bucketThatIsNotThereIsNamed() {
        S3Store nowhere = S3Store.at(URI.create("s3://nowhere/app.ckpt"));
        assertFails(StandpipeException.class, () -> ObjectIo.read(nowhere), "s3://nowhere/app.ckpt", "there is no bucket nowhere");
        assertFails(
                StandpipeException.class, () -> ObjectIo.write(nowhere, new byte[10]), "s3://nowhere/app.ckpt", "there is no bucket nowhere");
        assertFails(
                StandpipeException.class, () -> ObjectIo.write(nowhere, new byte[PART + 1]), "there is no bucket nowhere");
    }

    @Test
    void missingRightIsNamed() throws Exception {
        ObjectIo.write(STORE, new byte[10]);
        try (S3Client nobody = S3Client.builder().region(Region.US_EAST_1).credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build()) {
            S3Store store = S3Store.at(nobody, BUCKET, key());
            assertFails(UnavailableException.class, () -> ObjectIo.read(store), PLACE.toString(), "403", "s3:GetObject");
            assertFails(UnavailableException.class, () -> ObjectIo.write(store, new byte[10]), PLACE.toString(), "403", "s3:PutObject");
        }
    }

    @Test
    void wrongCredentialsAreNamed() {
        settings.with("aws.secretAccessKey", "wrong");
        assertFails(UnavailableException.class, () -> ObjectIo.write(STORE, new byte[10]), PLACE.toString(), "AWS_SECRET_ACCESS_KEY");
        settings.with("aws.accessKeyId", "nobody");
        assertFails(UnavailableException.class, () -> ObjectIo.write(STORE, new byte[10]), PLACE.toString(), "AWS_ACCESS_KEY_ID");
        assertFails(UnavailableException.class, () -> ObjectIo.read(STORE), PLACE.toString(), "AWS_ACCESS_KEY_ID");
    }

    @Test
    void downloadThatBreaksGoesOnWhereItStopped() throws Exception {
        byte[] bytes = RandomBytes.of(2 * PART + 70_000);
        ObjectIo.write(STORE, bytes);
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            proxy.cutAnswers(3_000_000, 4);
            through(proxy);
            assertArrayEquals(bytes, ObjectIo.read(STORE));
            assertEquals(0, proxy.left());
        }
    }

    @Test
    void uploadThatBreaksIsRepeated() throws Exception {
        byte[] bytes = RandomBytes.of(2 * PART + 70_000);
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            proxy.cutRequests(5_000_000, 2);
            through(proxy);
            ObjectIo.write(STORE, bytes);
            assertEquals(0, proxy.left());
        }
        assertArrayEquals(bytes, ObjectIo.read(S3Store.at(client, BUCKET, key())));
    }

    @Test
    void downloadThatAlwaysBreaksFails() throws Exception {
        ObjectIo.write(STORE, RandomBytes.of(MANY_PARTS));
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            through(proxy);
            try (ReadableByteChannel reading = STORE.open()) {
                reading.read(ByteBuffer.allocate(10));
                proxy.cutAnswers(0, 1000);
                assertFails(StandpipeException.class, () -> ObjectIo.readRest(reading), PLACE.toString(), "broke while reading it from byte");
            }
        }
    }

    @Test
    void uploadThatAlwaysBreaksLeavesNothing() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            through(proxy);
            assertFails(StandpipeException.class, () -> {
                try (ImageStore.Writing writing = STORE.create()) {
                    ObjectIo.writePieces(writing, RandomBytes.of(PART + 1));
                    proxy.cutRequests(4_000_000, 100);
                    ObjectIo.writePieces(writing, RandomBytes.of(PART));
                    writing.commit();
                }
            }, PLACE.toString(), "broke while uploading part");
        }
        assertFalse(isThere());
    }

    @Test
    void storeThatIsNotThereIsNamed() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            through(proxy);
        }
        assertFails(UnavailableException.class, () -> ObjectIo.write(STORE, new byte[10]), PLACE.toString(), "cannot be reached");
    }

    @Test
    void objectThatIsReplacedMeanwhileIsNotMixed() throws Exception {
        ObjectIo.write(STORE, RandomBytes.of(MANY_PARTS));
        try (ReadableByteChannel reading = STORE.open()) {
            reading.read(ByteBuffer.allocate(10));
            ObjectIo.write(STORE, RandomBytes.of(MANY_PARTS + 1));
            assertFails(StandpipeException.class, () -> ObjectIo.readRest(reading), PLACE.toString(), "replaced while it was read");
        }
    }

    @Test
    void interruptEndsWaiting() throws Exception {
        ObjectIo.write(STORE, RandomBytes.of(2 * PART));
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            proxy.stallAnswers(3_000_000);
            through(proxy);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicBoolean stillInterrupted = new AtomicBoolean();
            AtomicBoolean opened = new AtomicBoolean();
            Thread reader = new Thread(() -> {
                try (ReadableByteChannel reading = STORE.open()) {
                    opened.set(true);
                    ObjectIo.readRest(reading);
                } catch (Throwable e) {
                    failure.set(e);
                }
                stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
            reader.start();
            Await.until("the connection is stalled", () -> opened.get() && proxy.left() == 0);
            reader.interrupt();
            Await.until("the reader has ended", () -> !reader.isAlive());
            assertInstanceOf(CancelledException.class, failure.get());
            assertTrue(failure.get().getMessage().contains("interrupted while reading it"), failure::toString);
            assertTrue(stillInterrupted.get());
        }
    }

    @Test
    void closeEndsWaiting() throws Exception {
        ObjectIo.write(STORE, RandomBytes.of(2 * PART));
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            proxy.stallAnswers(3_000_000);
            through(proxy);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            ReadableByteChannel reading = STORE.open();
            Thread reader = new Thread(() -> {
                try {
                    ObjectIo.readRest(reading);
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            reader.start();
            Await.until("the connection is stalled", () -> proxy.left() == 0);
            reading.close();
            Await.until("the reader has ended", () -> !reader.isAlive());
            assertInstanceOf(ClosedChannelException.class, failure.get());
        }
    }

    @Test
    void interruptOfAnUploadLeavesNothing() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(gateway.port())) {
            through(proxy);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicBoolean stalls = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                try (ImageStore.Writing writing = STORE.create()) {
                    ObjectIo.writePieces(writing, RandomBytes.of(PART + 1));
                    proxy.stallAnswers(0);
                    stalls.set(true);
                    ObjectIo.writePieces(writing, RandomBytes.of(PART));
                    writing.commit();
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            writer.start();
            Await.until("the connection is stalled", () -> stalls.get() && proxy.left() == 0);
            writer.interrupt();
            Await.until("the writer has ended", () -> !writer.isAlive());
            assertTrue(failure.get().getMessage().contains("interrupted while uploading part"), failure::toString);
        }
        assertFalse(isThere());
    }

    /** What throws. */
    interface Action {
        void run() throws IOException;
    }

    static void assertFails(Class<? extends IOException> type, Action action, String... parts) {
        IOException failure = assertThrows(type, action::run);
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), () -> "\"" + part + "\" is expected in: " + failure.getMessage());
        }
    }
}
