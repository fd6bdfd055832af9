// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.s3;

import io.standpipe.CancelledException;
import io.standpipe.StandpipeException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An object through a client. A request is carried out in a thread of its own, since a thread that waits for a socket is not woken by an
 * interrupt: the caller is, and leaves the request to its timeout.
 */
public final class S3Access implements AutoCloseable {

    /** A request to the store. */
    interface Request<T> {
        T carryOut() throws IOException;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A connection that is slower than that is given up. */
    private static final int LEAST_BYTES_PER_SECOND = 65_536;

    private final S3Location location;
    private final S3Client client;
    private final boolean ownClient;
    private final Set<FutureTask<?>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    private S3Access(S3Location location, S3Client client, boolean ownClient) {
        this.location = location;
        this.client = client;
        this.ownClient = ownClient;
    }

    /** Returns access through a client of its own, with what the SDK finds in the environment. */
    public static S3Access byDefault(S3Location location) throws IOException {
        return new S3Access(location, S3Clients.byDefault(location), true);
    }

    /** Returns access through a client that stays the caller's. */
    public static S3Access of(S3Location location, S3Client client) {
        return new S3Access(location, client, false);
    }

    S3Location location() {
        return location;
    }

    S3Client client() {
        return client;
    }

    /** A request that is being carried out. */
    final class Pending<T> {

        private final FutureTask<T> task;
        private final String doing;

        private Pending(FutureTask<T> task, String doing) {
            this.task = task;
            this.doing = doing;
        }

        /**
         * Waits for the answer.
         *
         * @throws CancelledException if the thread is interrupted, which it still is then
         * @throws StandpipeException with what the failure means
         */
        T get() throws IOException {
            try {
                return result(task, doing, null);
            } finally {
                running.remove(task);
            }
        }
    }

    /**
     * Begins a request.
     *
     * @param doing what is being done, as in "uploading part 3"
     */
    <T> Pending<T> begin(String doing, Request<T> request) throws IOException {
        FutureTask<T> task = new FutureTask<>(request::carryOut);
        running.add(task);
        if (stopped) {
            throw new AsynchronousCloseException();
        }
        return new Pending<>(start(task), doing);
    }

    /** Carries out a request, as {@link #begin} and {@link Pending#get} do. */
    <T> T request(String doing, Request<T> request) throws IOException {
        return begin(doing, request).get();
    }

    /** Throws if the SDK finds no credentials, before anything else is done. */
    void findCredentials() throws IOException {
        request("looking for credentials", () -> {
            try {
                return client.serviceClientConfiguration().credentialsProvider().resolveIdentity().join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof SdkException failed ? failed : e;
            }
        });
    }

    /** Carries out a request for a bounded time, even for a thread that is interrupted and after {@link #stop}. */
    void cleanUp(String doing, Request<?> request, Duration atMost) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            result(start(new FutureTask<>(request::carryOut)), doing, atMost);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> FutureTask<T> start(FutureTask<T> task) {
        Thread thread = new Thread(task, "standpipe-s3");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private <T> T result(FutureTask<T> task, String doing, @Nullable Duration atMost) throws IOException {
        try {
            return atMost == null ? task.get() : task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancelledException(location + ": interrupted while " + doing, e);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new StandpipeException(location + ": no answer within " + atMost + " while " + doing, e);
        } catch (CancellationException e) {
            throw new AsynchronousCloseException();
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()), doing);
        }
    }

    private StandpipeException failure(Throwable cause, String doing) {
        if (cause instanceof SdkException failed) {
            return new S3Failures(location, endpoint()).of(failed, doing);
        }
        if (cause instanceof IOException broken) {
            return new S3Failures(location, endpoint()).of(broken, doing);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new StandpipeException(
                location + ": " + doing + " failed: " + (cause instanceof IllegalArgumentException ? cause.getMessage() : cause), cause);
    }

    private @Nullable String endpoint() {
        return client.serviceClientConfiguration().endpointOverride().map(Object::toString).orElse(null);
    }

    /** Returns how long one attempt of a request with a body of this length may take, after which it is made anew. */
    static AwsRequestOverrideConfiguration patience(long bodyBytes) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(PATIENCE.plusSeconds(bodyBytes / LEAST_BYTES_PER_SECOND))
                .build();
    }

    boolean isStopped() {
        return stopped;
    }

    /** Has all requests end, and who waits for them get an {@link AsynchronousCloseException}; later ones too. */
    void stop() {
        stopped = true;
        running.forEach(task -> task.cancel(true));
    }

    @Override
    public void close() {
        stop();
        if (ownClient) {
            client.close();
        }
    }
}
