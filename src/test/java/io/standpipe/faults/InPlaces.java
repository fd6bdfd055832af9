// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.InPlaceReport;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.RandomBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Restores in place: a pipe with bytes, which a selector watches, and one that a thread waits in. Whatever fails, both go
 * on. Nobody is looked for who else holds them: that is done without a native, and takes long where many processes run.
 */
final class InPlaces {

    private static final byte[] CONTENT = RandomBytes.of(5_000);

    private final Path image;
    private final Pipe watched = Pipe.open();
    private final Pipe waitedFor = Pipe.open();
    private final Selector selector = Selector.open();
    private final AtomicInteger received = new AtomicInteger();
    private final int number;
    private List<String> told = List.of();

    private InPlaces(Path image) throws IOException {
        this.image = image;
        watched.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
        watched.sink().write(ByteBuffer.wrap(CONTENT));
        number = PipesInPlace.numbersOf(watched.source()).iterator().next();
        Thread reader = new Thread(this::receive, "reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void receive() {
        try {
            ByteBuffer one = ByteBuffer.allocate(1);
            while (waitedFor.source().read(one) == 1) {
                received.incrementAndGet();
                one.clear();
            }
        } catch (IOException e) {
            received.set(Integer.MIN_VALUE);
        }
    }

    static List<Operation> all(Path folder) throws IOException {
        return List.of(
                new InPlaces(folder.resolve("in-place")).restore(),
                new InPlaces(folder.resolve("kcmp")).restore().without("fcntl(F_DUPFD_QUERY)", false),
                new InPlaces(folder.resolve("watched")).restore().without("fcntl(F_DUPFD_QUERY)", false).without("kcmp", false),
                new InPlaces(folder.resolve("named")).vacate().without("fcntl(F_DUPFD_QUERY)", false).without("kcmp", false),
                new InPlaces(folder.resolve("waiting")).restore().without("tgkill", false),
                new InPlaces(folder.resolve("running")).restoreWhileOneRuns().without("tgkill", false),
                new InPlaces(folder.resolve("vacated")).vacate());
    }

    private Operation restore() throws StandpipeException {
        PipesInPlace pipes = PipesInPlace.of(watched, waitedFor).cuttingOffOthers();
        pipes.writeTo(image);
        return Operation.of("restore in place", () -> restore(pipes)).after(() -> {
            boolean waiting = goOn();
            pipes.restore(Restore.from(image));
            if (waiting) {
                readOn();
            }
        }).renewingPipes();
    }

    /** A thread that runs may be on its way into a former pipe, which is left open then: until the numbers are vacated, too. */
    private Operation restoreWhileOneRuns() throws StandpipeException {
        PipesInPlace pipes = PipesInPlace.of(watched).cuttingOffOthers();
        pipes.writeTo(image);
        return Operation.of("restore in place while a thread runs", () -> {
            AtomicBoolean done = new AtomicBoolean();
            Thread running = new Thread(() -> {
                while (!done.get()) {
                    Thread.onSpinWait();
                }
            });
            running.start();
            try {
                return restore(pipes);
            } finally {
                done.set(true);
                running.join();
            }
        }).after(() -> {
            pipes.vacate();
            pipes.restore(Restore.from(image));
        }).renewingPipes();
    }

    private Operation vacate() throws StandpipeException {
        PipesInPlace pipes = PipesInPlace.of(watched).cuttingOffOthers();
        pipes.writeTo(image);
        return Operation.of("restore in place of what was vacated", () -> {
            pipes.vacate();
            return restore(pipes);
        }).after(() -> {
            if (!isPipe(number)) {
                // A number that is vacant may be a file of the JVM's own for a moment.
                Await.until("the number is free", () -> !FdCalls.isOpen(number));
                pipes.restore(Restore.from(image));
            }
            goOn();
        }).renewingPipes();
    }

    private static boolean isPipe(int number) {
        try {
            return Stat.of(number).isFifo();
        } catch (ErrnoException e) {
            return false;
        }
    }

    private Operation.Outcome restore(PipesInPlace pipes) throws StandpipeException {
        InPlaceReport report = pipes.restore(Restore.from(image));
        return () -> told = report.deviations();
    }

    /** Whether the thread may wait in a former pipe, which the next restore changes. */
    private boolean goOn() throws IOException {
        assertArrayEquals(CONTENT, Cast.taken(number));
        if (told.stream().anyMatch(deviation -> deviation.matches(".*by no selector any more: .*"))) {
            watched.source().keyFor(selector).cancel();
            selector.selectNow();
            watched.source().register(selector, SelectionKey.OP_READ);
        }
        selector.selectedKeys().clear();
        assertEquals(1, selector.selectNow());
        boolean waiting =
                told.stream().anyMatch(deviation -> deviation.matches(".*may wait in a former pipe: .*\\(tgkill\\)"));
        told = List.of();
        if (!waiting) {
            readOn();
        }
        return waiting;
    }

    private void readOn() throws IOException {
        int before = received.get();
        waitedFor.sink().write(ByteBuffer.wrap(new byte[1]));
        Await.until("the thread has read", () -> received.get() == before + 1);
    }
}
