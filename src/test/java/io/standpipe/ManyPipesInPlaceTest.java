// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Restores in place find what else is open among so many pipes that their fds are not looked at one by one. */
@ExtendWith(DescriptorLeakCheck.class)
class ManyPipesInPlaceTest {

    private static final int HALF = 100;

    @TempDir
    Path folder;

    private final List<Pipe> pipes = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @Test
    void restoreOfManyPipesFindsSelectorsAndHolders() throws Exception {
        open();
        Pipe heldBesides = pipes.get(HALF / 2);
        int source = PipesInPlace.numbersOf(heldBesides.source()).iterator().next();
        try (Selector selector = Selector.open(); Fd besides = FdCalls.duplicate(source)) {
            open();
            for (Pipe pipe : pipes) {
                pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
                write(pipe);
            }
            PipesInPlace named = PipesInPlace.of(pipes.toArray());
            named.writeTo(folder.resolve("image"));
            assertEquals(pipes.size(), selectAndRead(selector));

            InPlaceReport report = named.restore(Restore.from(folder.resolve("image")));
            assertEquals(
                    List.copyOf(new TreeSet<>(PipesInPlace.numbersOf(heldBesides))), report.kept(),
                    () -> "held by descriptor " + besides.number());
            assertEquals(2 * pipes.size() - 2, report.restored().size());
            assertEquals(pipes.size() - 1, selectAndRead(selector));
            write(heldBesides);
            assertEquals(1, selectAndRead(selector));
        }
    }

    private void open() throws IOException {
        for (int i = 0; i < HALF; i++) {
            pipes.add(Pipe.open());
        }
    }

    private static void write(Pipe pipe) throws IOException {
        assertEquals(1, pipe.sink().write(ByteBuffer.wrap(new byte[1])));
    }

    /** Returns how many channels had a byte. */
    private static int selectAndRead(Selector selector) throws IOException {
        int selected = selector.selectNow();
        for (SelectionKey key : selector.selectedKeys()) {
            assertEquals(1, ((Pipe.SourceChannel) key.channel()).read(ByteBuffer.allocate(2)));
        }
        selector.selectedKeys().clear();
        return selected;
    }
}
