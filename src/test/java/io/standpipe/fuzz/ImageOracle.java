// SPDX-License-Identifier: Apache-2.0
package io.standpipe.fuzz;

import com.sun.management.ThreadMXBean;
import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.WatchedFds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What must be true of any file that is taken for an image: it is accepted, or refused in one line; what is refused has made
 * nothing; what is accepted can be shown; and a restore of it is whole or leaves nothing.
 */
final class ImageOracle implements AutoCloseable {

    /** What docs/IMAGE.md says of the heap that reading takes: for each byte of the image, and beside. */
    static final long HEAP_PER_BYTE = 16;
    static final long HEAP_BYTES = 256 * 1024;

    private static final int WARM_UP = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path folder;
    private final Path file;
    private final Path root;
    private final WatchedFds open = new WatchedFds();
    private Image image;
    private long accepted;

    ImageOracle() throws IOException {
        folder = Files.createTempDirectory("standpipe-fuzz");
        file = folder.resolve("image");
        root = Files.createDirectory(folder.resolve("root"));
        examine(ImageScript.build(new byte[0]));
    }

    /** How many images were accepted. */
    long accepted() {
        return accepted;
    }

    void examine(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        checked(bytes.length);
        ImageRefusedException streamRefusal = streamed();
        if (image == null) {
            require(streamRefusal != null || endsEarly(), "refused as a file and accepted as a stream");
            refusal(Restore.from(file));
        } else {
            require(streamRefusal == null, "accepted as a file, and as a stream: " + streamRefusal);
            accepted++;
            ShownText.of(image, Restore.from(file));
            RestoredContents.check(image, bytes, file, root);
        }
        String difference = open.difference();
        require(difference == null, difference);
        require(isEmpty(root), "something is left in " + root);
    }

    /** Reads the image; it is null if it is refused. The first times load classes. */
    private void checked(int length) throws IOException {
        long bound = HEAP_PER_BYTE * length + HEAP_BYTES;
        long taken = measured();
        for (int i = 1; i < WARM_UP && taken > bound; i++) {
            taken = measured();
        }
        require(taken <= bound, "reading " + length + " bytes took " + taken + " of heap, more than " + bound);
    }

    private long measured() throws IOException {
        Restore restore = Restore.from(file);
        image = null;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            image = restore.check();
        } catch (ImageRefusedException e) {
            requireOneLine(e);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private ImageRefusedException streamed() throws IOException {
        try (Fd stream = FileCalls.open(FileCalls.CURRENT_DIRECTORY, file.toString(), Flags.O_RDONLY, 0)) {
            Image streamed = Restore.fromStream(stream.number()).check();
            require(image == null || streamed.equals(image), "the stream holds another image");
            return null;
        } catch (ImageRefusedException e) {
            requireOneLine(e);
            return e;
        }
    }

    /** A stream is read to TAIL: what comes behind it is no part of the image. */
    private boolean endsEarly() throws IOException {
        return refusal(Restore.from(file)).contains("TAIL: ");
    }

    private static String refusal(Restore restore) throws IOException {
        try {
            restore.openAll().close();
        } catch (ImageRefusedException e) {
            return e.getMessage();
        } catch (StandpipeException e) {
            throw new AssertionError("refused by check, and by restore with " + e, e);
        }
        throw new AssertionError("refused by check and restored");
    }

    private static void requireOneLine(StandpipeException e) {
        ShownText.requirePlain(e.getMessage());
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            return names.findAny().isEmpty();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(root);
        Files.delete(folder);
    }
}
