// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.FdTable;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Thorough;
import io.standpipe.testkit.ThreadLeak;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoint and restore in place, again and again: every byte is accounted for, and nothing is left behind. A thousand rounds
 * with the profile {@code thorough}, sixty without.
 */
@ExtendWith(DescriptorLeakCheck.class)
class ManyRoundsTest {

    private static final int ROUNDS = Thorough.rounds(60, 1_000);
    private static final int ROUNDS_WITHIN = Thorough.rounds(60, 300);
    private static final int CHILDREN = 10;

    @TempDir
    Path folder;

    /** A child that sends back all it gets, and the two threads of this JVM that talk to it without a pause. */
    private static final class Conversation {

        private final Process child;
        private final CompletableFuture<Long> sent;
        private final CompletableFuture<Long> received;

        Conversation(ExecutorService threads, int seed, AtomicBoolean ending) throws IOException {
            child = new ProcessBuilder("cat").start();
            sent = CompletableFuture.supplyAsync(() -> send(seed, ending), threads);
            received = CompletableFuture.supplyAsync(() -> receive(seed), threads);
        }

        private long send(int seed, AtomicBoolean ending) {
            Random random = new Random(seed);
            long sentBytes = 0;
            byte[] block = new byte[10_000];
            try (var out = child.getOutputStream()) {
                while (!ending.get()) {
                    random.nextBytes(block);
                    out.write(block);
                    sentBytes += block.length;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return sentBytes;
        }

        private long receive(int seed) {
            Random random = new Random(seed);
            long receivedBytes = 0;
            byte[] expected = new byte[10_000];
            try {
                while (true) {
                    byte[] block = child.getInputStream().readNBytes(expected.length);
                    if (block.length == 0) {
                        return receivedBytes;
                    }
                    random.nextBytes(expected);
                    assertArrayEquals(expected, block, () -> "other bytes came back");
                    receivedBytes += block.length;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void tenChildrenUnderLoadLoseNoByte() throws Exception {
        Path image = folder.resolve("image");
        AtomicBoolean ending = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2 * CHILDREN);
        List<Conversation> conversations = new ArrayList<>();
        try {
            for (int i = 0; i < CHILDREN; i++) {
                conversations.add(new Conversation(threads, i, ending));
            }
            PipesInPlace pipes =
                    PipesInPlace.of(conversations.stream().map(conversation -> conversation.child).toArray());
            pipes.writeTo(image);
            int descriptors = descriptors();
            ThreadLeak threadsLeft = new ThreadLeak();
            long savedBytes = 0;
            for (int round = 0; round < ROUNDS; round++) {
                CheckpointReport saved = pipes.writeTo(image);
                savedBytes += saved.payloadBytes();
                assertEquals(3 * CHILDREN, pipes.restore(Restore.from(image)).kept().size());
            }
            assertTrue(savedBytes > 0, "no byte was under way in any round");
            Await.until("there are at most " + descriptors + " descriptors again", () -> descriptors() <= descriptors);
            threadsLeft.awaitNone();
            ending.set(true);
            for (Conversation conversation : conversations) {
                long sent = conversation.sent.get();
                assertTrue(sent > 0);
                assertEquals(sent, conversation.received.get());
            }
        } finally {
            ending.set(true);
            for (Conversation conversation : conversations) {
                conversation.child.destroy();
                conversation.child.waitFor();
                conversation.child.getInputStream().close();
                conversation.child.getErrorStream().close();
            }
            threads.shutdown();
        }
    }

    @Test
    void openAndVacatedPipesOfTheJvmKeepEveryByte() throws Exception {
        Path image = folder.resolve("image");
        Random random = new Random(11);
        List<Pipe> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < 3; i++) {
                Pipe pipe = Pipe.open();
                all.add(pipe);
                pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
            }
            PipesInPlace pipes = PipesInPlace.of(all.toArray());
            pipes.writeTo(image);
            pipes.restore(Restore.from(image));
            int descriptors = descriptors();
            ThreadLeak threadsLeft = new ThreadLeak();
            for (int round = 0; round < ROUNDS_WITHIN; round++) {
                byte[] content = new byte[1 + random.nextInt(20_000)];
                random.nextBytes(content);
                Pipe pipe = all.get(round % all.size());
                assertEquals(content.length, pipe.sink().write(ByteBuffer.wrap(content)));
                pipes.writeTo(image);
                if (random.nextBoolean()) {
                    pipes.vacate();
                }
                assertEquals(content.length, pipes.restore(Restore.from(image)).payloadBytes());
                assertEquals(1, selector.select());
                selector.selectedKeys().clear();
                ByteBuffer back = ByteBuffer.allocate(content.length + 1);
                while (pipe.source().read(back) > 0) {
                    assertTrue(back.hasRemaining(), "more bytes came out than went in");
                }
                assertEquals(ByteBuffer.wrap(content), back.flip());
            }
            Await.until("there are at most " + descriptors + " descriptors again", () -> descriptors() <= descriptors);
            threadsLeft.awaitNone();
        } finally {
            for (Pipe pipe : all) {
                pipe.source().close();
                pipe.sink().close();
            }
        }
    }

    /** A thread of the JVM opens a file of its cgroup now and then. */
    private static int descriptors() throws IOException {
        return FdTable.count((int) ProcessHandle.current().pid());
    }
}
