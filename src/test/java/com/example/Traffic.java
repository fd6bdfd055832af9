// SPDX-License-Identifier: Apache-2.0
package com.example;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Threads that write numbers to pipes and read them from there, as fast as they can, until they are told to stop. */
final class Traffic {

    private static final int BUFFER_BYTES = 4096;

    private final List<CompletableFuture<Long>> read = new ArrayList<>();
    private volatile boolean stopped;

    Traffic(int pipes) throws IOException {
        for (int i = 0; i < pipes; i++) {
            Pipe pipe = Pipe.open();
            start(() -> write(pipe.sink()), new CompletableFuture<>());
            CompletableFuture<Long> result = new CompletableFuture<>();
            read.add(result);
            start(() -> read(pipe.source()), result);
        }
    }

    private interface Work {
        long run() throws Exception;
    }

    private static void start(Work work, CompletableFuture<Long> result) {
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.run());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private long write(Pipe.SinkChannel sink) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long next = 0;
        while (!stopped) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                buffer.putLong(next++);
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                sink.write(buffer);
            }
        }
        sink.close();
        return next;
    }

    /** Returns how many numbers have come; throws if one is missing or comes twice. */
    private static long read(Pipe.SourceChannel source) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long next = 0;
        while (source.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.remaining() >= Long.BYTES) {
                long number = buffer.getLong();
                if (number != next++) {
                    throw new IOException("read " + number + ", expected " + (next - 1));
                }
            }
            buffer.compact();
        }
        source.close();
        return next;
    }

    /** Returns whether every pipe has brought all its numbers, and some. */
    String stop() throws Exception {
        stopped = true;
        for (CompletableFuture<Long> result : read) {
            if (result.get() == 0) {
                return "nothing has come";
            }
        }
        return "complete";
    }
}
