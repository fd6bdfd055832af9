// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;

/** Restores a pipe in place that a selector watches, while it is open and after it was vacated, and once where its number is taken. */
final class InPlaceWithoutComparison {

    private final Path image;
    private final Pipe pipe = Pipe.open();
    private final Selector selector = Selector.open();
    private final PipesInPlace pipes;

    private InPlaceWithoutComparison(Path image) throws IOException {
        this.image = image;
        pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image);
    }

    public static void main(String[] arguments) throws IOException {
        InPlaceWithoutComparison test = new InPlaceWithoutComparison(Path.of(arguments[0]));
        int number = JavaDescriptor.of(test.pipe.source()).number();
        check(!FileDescriptionCalls.isComparable(number), "the kernel compares descriptions");
        test.read();
        test.restore();
        test.read();
        test.pipes.vacate();
        test.restore();
        test.read();
        test.pipes.vacate();
        try (Fd taken = takeByName(number)) {
            try {
                test.restore();
                check(false, "what has the number is overwritten");
            } catch (StandpipeException e) {
                System.out.println(e.getMessage());
            }
            check((FdCalls.statusFlags(taken.number()) & Flags.O_PATH) != 0, "what had the number is gone");
        }
        test.restore();
        test.read();
        System.out.println("as before");
    }

    /** Takes a number by what looks most like what reserves it. */
    private static Fd takeByName(int number) throws IOException {
        Fd root = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/", Flags.O_PATH, 0);
        if (root.number() == number) {
            return root;
        }
        try (root) {
            return FdCalls.duplicateTo(root.number(), number);
        }
    }

    private void restore() throws StandpipeException {
        check(pipes.restore(Restore.from(image)).deviations().isEmpty(), "not as before");
    }

    /** The bytes of the checkpoint are there, and the selector reports them. */
    private void read() throws IOException {
        selector.selectedKeys().clear();
        check(selector.selectNow() == 1, "the selector does not watch the pipe");
        ByteBuffer bytes = ByteBuffer.allocate(10);
        check(pipe.source().read(bytes) == 3, "not the bytes of the checkpoint");
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
