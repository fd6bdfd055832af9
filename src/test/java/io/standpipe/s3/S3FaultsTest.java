// SPDX-License-Identifier: Apache-2.0
package io.standpipe.s3;

import static io.standpipe.s3.S3StoreTest.assertFails;
import static io.standpipe.testkit.FakeObjectStore.answering;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.ImageRefusedException;
import io.standpipe.ImageStore;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.TimedOutException;
import io.standpipe.UnavailableException;
import io.standpipe.testkit.FakeObjectStore;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.S3Settings;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store may answer, and what a connection may do, that no real store does on demand. */
class S3FaultsTest {

    private static final int PART = 8 << 20;
    private static final String KEY = "app.ckpt";
    private static final String PLACE = "s3://" + FakeObjectStore.BUCKET + "/" + KEY;
    private static final S3Store STORE = S3Store.at(URI.create(PLACE));

    private FakeObjectStore store;
    private S3Settings settings;

    @BeforeEach
    void start() throws IOException {
        store = new FakeObjectStore();
        settings = new S3Settings(store.endpoint(), "test", "test-secret");
    }

    @AfterEach
    void end() {
        settings.close();
        store.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000, PART, 2 * PART + 100_000})
    void objectComesBack(int length) throws Exception {
        byte[] bytes = RandomBytes.of(length);
        ObjectIo.write(STORE, bytes);
        assertArrayEquals(bytes, store.object(KEY));
        assertArrayEquals(bytes, ObjectIo.read(STORE));
        assertEquals(0, store.uploads());
    }

    @Test
    void shortObjectIsOneRequest() throws Exception {
        ObjectIo.write(STORE, RandomBytes.of(1000));
        assertEquals(1, store.requests().size(), store.requests()::toString);
    }

    @Test
    void nothingIsSentWithoutCommit() throws Exception {
        try (ImageStore.Writing writing = STORE.create()) {
            ObjectIo.writePieces(writing, RandomBytes.of(PART));
        }
        assertEquals(0, store.requests().size(), store.requests()::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, s3:PutObject",
        "403, RequestTimeTooSkewed, the clock of this machine",
        "403, InvalidAccessKeyId, AWS_ACCESS_KEY_ID",
        "403, SignatureDoesNotMatch, AWS_SECRET_ACCESS_KEY",
        "400, ExpiredToken, expired",
        "403, QuotaExceeded, quota",
        "404, NoSuchBucket, there is no bucket images",
        "400, EntityTooLarge, of this size",
        "301, PermanentRedirect, another region",
        "503, SlowDown, try again later",
        "500, InternalError, try again later",
    })
    void refusedWriteIsExplained(int status, String code, String said) {
        store.fault(10, "PUT", "", answering(status, code));
        assertFails(StandpipeException.class, () -> ObjectIo.write(STORE, new byte[10]), PLACE + ": ", said);
        assertNull(store.object(KEY));
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, s3:GetObject",
        "403, RequestTimeTooSkewed, the clock of this machine",
        "404, NoSuchKey, no such object",
        "404, NoSuchBucket, there is no bucket images",
        "503, SlowDown, try again later",
    })
    void refusedReadIsExplained(int status, String code, String said) {
        store.put(KEY, new byte[10]);
        store.fault(10, "GET", "", answering(status, code));
        assertFails(StandpipeException.class, () -> ObjectIo.read(STORE), PLACE + ": ", said);
    }

    @Test
    void shortFailuresAreRepeated() throws Exception {
        store.fault(2, "PUT", "", answering(503, "SlowDown"));
        store.fault(1, "GET", "", answering(500, "InternalError"));
        byte[] bytes = RandomBytes.of(1000);
        ObjectIo.write(STORE, bytes);
        assertArrayEquals(bytes, ObjectIo.read(STORE));
    }

    @Test
    void failedPartLeavesNothing() {
        store.fault(10, "PUT", "partNumber=2", answering(403, "QuotaExceeded"));
        assertFails(StandpipeException.class, () -> ObjectIo.write(STORE, RandomBytes.of(3 * PART)), PLACE, "quota");
        assertNull(store.object(KEY));
        assertEquals(0, store.uploads());
    }

    @Test
    void nothingIsCommittedAfterAFailure() throws Exception {
        store.fault(10, "PUT", "partNumber=1", answering(403, "QuotaExceeded"));
        try (ImageStore.Writing writing = STORE.create()) {
            assertThrows(StandpipeException.class, () -> ObjectIo.writePieces(writing, RandomBytes.of(6 * PART)));
            assertThrows(ClosedChannelException.class, writing::commit);
        }
        assertNull(store.object(KEY));
    }

    @Test
    void uploadThatCannotBeAbortedIsNamed() {
        store.fault(10, "PUT", "partNumber=2", answering(403, "QuotaExceeded"));
        store.fault(10, "DELETE", "", answering(403, "AccessDenied"));
        StandpipeException failure =
                assertThrows(StandpipeException.class, () -> ObjectIo.write(STORE, RandomBytes.of(3 * PART)));
        String suppressed = failure.getSuppressed()[0].getMessage();
        assertTrue(suppressed.contains("incomplete upload upload-0"), suppressed);
    }

    /** Carries a request out, and breaks the connection in place of answering. */
    private void loseAnswer(int times, String method, String inQuery) {
        store.fault(times, method, inQuery, exchange -> {
            store.carryOutUnanswered(exchange);
            throw new IOException("the answer is lost");
        });
    }

    @Test
    void lostAnswerOfACompletionIsFoundOut() throws Exception {
        byte[] bytes = RandomBytes.of(PART + 1000);
        loseAnswer(1, "POST", "uploadId=");
        ObjectIo.write(STORE, bytes);
        assertArrayEquals(bytes, store.object(KEY));
    }

    @Test
    void lostAnswersOfAWriteAreFoundOut() throws Exception {
        byte[] bytes = RandomBytes.of(1000);
        loseAnswer(20, "PUT", "");
        ObjectIo.write(STORE, bytes);
        assertArrayEquals(bytes, store.object(KEY));
    }

    @Test
    void failedWriteIsNotTakenForAnEarlierOne() throws Exception {
        byte[] bytes = RandomBytes.of(1000);
        ObjectIo.write(STORE, bytes);
        store.fault(20, "PUT", "", answering(500, "InternalError"));
        assertFails(StandpipeException.class, () -> ObjectIo.write(STORE, bytes), "try again later");
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, PART + 100_000})
    void damagedObjectIsRefused(int length) throws Exception {
        ObjectIo.write(STORE, RandomBytes.of(length));
        store.damage(KEY, length - 1);
        assertFails(ImageRefusedException.class, () -> ObjectIo.read(STORE), PLACE, "another hash");
    }

    @Test
    void bodyThatEndsEarlyIsRefused() throws Exception {
        store.put(KEY, RandomBytes.of(100_000));
        store.fault(100, "GET", "", exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"0123456789abcdef0123456789abcdef\"");
            exchange.getResponseHeaders().add("Content-Range", "bytes 0-99999/100000");
            exchange.sendResponseHeaders(exchange.getRequestHeaders().containsKey("Range") ? 206 : 200, 100_000);
            throw new IOException("no byte comes");
        });
        assertFails(StandpipeException.class, () -> ObjectIo.read(STORE), PLACE, "broke while reading it from byte 0");
    }

    @Test
    void storeThatCannotResumeIsNotMixed() throws Exception {
        store.put(KEY, RandomBytes.of(3_000_000));
        store.fault(100, "GET", "", exchange -> {
            byte[] bytes = store.object(KEY);
            exchange.getResponseHeaders().add("ETag", "\"0123456789abcdef0123456789abcdef\"");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes, 0, 2_000_000);
            exchange.getResponseBody().flush();
            throw new IOException("the rest does not come");
        });
        assertFails(StandpipeException.class, () -> ObjectIo.read(STORE), PLACE, "expected it from byte");
    }

    @Test
    void copyThatIsDividedOtherwiseIsRead() throws Exception {
        byte[] bytes = RandomBytes.of(PART + 1000);
        ObjectIo.write(STORE, bytes);
        store.divideOtherwise(KEY, 5 << 20);
        assertArrayEquals(bytes, ObjectIo.read(STORE));
    }

    @Test
    void timeoutEndsWaiting() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FakeObjectStore.Fault stall = exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return false;
        };
        store.fault(10, "PUT", "", stall);
        store.fault(10, "GET", "", stall);
        try (TestProcess process = TestProcess.holding(new byte[1000])) {
            Checkpoint checkpoint = Checkpoint.ofProcess(process.pid(), 0).timeout(Duration.ofSeconds(2));
            assertFails(TimedOutException.class, () -> checkpoint.writeTo(STORE), PLACE, "within the timeout of 2 s");
            assertFalse(Thread.interrupted());
            assertFails(
                    TimedOutException.class, () -> Restore.from(STORE).timeout(Duration.ofMillis(100)).check(), PLACE,
                    "within the timeout of 100 ms");
            assertFalse(Thread.interrupted());
        } finally {
            end.countDown();
        }
    }

    @Test
    void missingCredentialsAreNamedBeforeAnythingIsSent() {
        settings.with("aws.accessKeyId", null).with("aws.secretAccessKey", null);
        assertFails(UnavailableException.class, STORE::create, PLACE, "no credentials were found", "AWS_ACCESS_KEY_ID");
        assertFails(UnavailableException.class, STORE::open, PLACE, "no credentials were found");
        assertEquals(0, store.requests().size());
    }

    @Test
    void missingRegionIsNamed() {
        settings.with("aws.endpointUrl", null);
        assertFails(UnavailableException.class, STORE::create, PLACE, "no region is set", "AWS_REGION");
    }

    @Test
    void unknownHostIsNamed() {
        settings.with("aws.endpointUrl", "http://store.invalid");
        assertFails(UnavailableException.class, STORE::open, PLACE, "store.invalid is unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "s3://bucket", "s3://bucket/", "s3:///key", "s3:key", "http://bucket/key", "s3://bucket/key/", "bucket/key",
        "s3://bucket/key?versionId=1", "s3://bucket:80/key", "s3://user:secret@bucket/key"
    })
    void otherUriIsRefused(String uri) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> S3Store.at(URI.create(uri)));
        assertTrue(refused.getMessage().contains("s3://BUCKET/KEY"), refused::toString);
        assertTrue(!refused.getMessage().contains("secret"), refused::toString);
    }

    @Test
    void keyIsDecoded() throws Exception {
        S3Store odd = S3Store.at(URI.create("s3://images/a%20b/%C3%A9%3F+.ckpt"));
        ObjectIo.write(odd, RandomBytes.of(10));
        assertEquals("s3://images/a b/\u00e9?+.ckpt", odd.toString());
        assertArrayEquals(RandomBytes.of(10), store.object("a b/\u00e9?+.ckpt"));
        assertArrayEquals(RandomBytes.of(10), ObjectIo.read(odd));
    }
}
