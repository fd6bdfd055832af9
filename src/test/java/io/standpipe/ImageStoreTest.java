// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import io.standpipe.testkit.TestProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images in places that are no files of this machine: in a zip file, and in a store of the caller's own. */
@ExtendWith(DescriptorLeakCheck.class)
class ImageStoreTest {

    private static final byte[] CONTENT = RandomBytes.of(50_000);

    @TempDir
    Path directory;

    /** Keeps an image in the heap; fails where it is asked to. */
    private static final class Heap implements ImageStore {

        private final IOException refused = new IOException("the shelf is full");
        private byte[] image = new byte[0];
        private int failAfterBytes = Integer.MAX_VALUE;
        private boolean failCommit;
        private boolean failClose;
        private int open;

        @Override
        public Writing create() {
            open++;
            return new Writing() {
                private final ByteArrayOutputStream written = new ByteArrayOutputStream();

                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    if (written.size() > failAfterBytes) {
                        throw refused;
                    }
                    byte[] some = new byte[bytes.remaining()];
                    bytes.get(some);
                    written.writeBytes(some);
                    return some.length;
                }

                @Override
                public void commit() throws IOException {
                    if (failCommit) {
                        throw refused;
                    }
                    image = written.toByteArray();
                }

                @Override
                public boolean isOpen() {
                    return true;
                }

                @Override
                public void close() throws IOException {
                    open--;
                    if (failClose) {
                        throw refused;
                    }
                }
            };
        }

        @Override
        public ReadableByteChannel open() throws IOException {
            if (image.length == 0) {
                throw new NoSuchFileException("shelf 3");
            }
            return Channels.newChannel(new FilterInputStream(new ByteArrayInputStream(image)) {
                @Override
                public void close() throws IOException {
                    if (failClose) {
                        throw refused;
                    }
                }
            });
        }

        @Override
        public String toString() {
            return "shelf 3";
        }
    }

    private static void assertRestores(Restore restore, int fd) throws IOException {
        for (int round = 0; round < 2; round++) {
            try (RestoredPipes restored = restore.open()) {
                assertArrayEquals(CONTENT, PipeIo.readAll(restored.descriptor(fd).number()));
            }
        }
    }

    @Test
    void storeHasTheImageOnceItIsWhole() throws IOException {
        Heap store = new Heap();
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd());
            CheckpointReport report = checkpoint.writeTo(store);
            assertEquals(store.image.length, report.imageBytes());
            assertRestores(Restore.from(store), pipe.readFd());
            byte[] before = store.image;
            store.failAfterBytes = 20_000;
            StandpipeException e = assertThrows(StandpipeException.class, () -> checkpoint.writeTo(store));
            assertSame(store.refused, e.getCause());
            assertEquals("image shelf 3: the shelf is full", e.getMessage());
            store.failAfterBytes = Integer.MAX_VALUE;
            store.failCommit = true;
            assertThrows(StandpipeException.class, () -> checkpoint.writeTo(store));
            assertThrows(StandpipeException.class, () -> Checkpoint.ofDescriptors(pipe.readFd(), 1_000).writeTo(store));
            assertSame(before, store.image);
            assertEquals(0, store.open);
            store.failCommit = false;
            try (Snapshot snapshot = checkpoint.snapshot()) {
                snapshot.writeTo(store);
            }
            assertRestores(Restore.from(store), pipe.readFd());
        }
    }

    /** What is committed is there, and what is received is whole. */
    @Test
    void failureToCloseIsNoFailure() throws IOException {
        Heap store = new Heap();
        store.failClose = true;
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd()).writeTo(store);
            assertRestores(Restore.from(store), pipe.readFd());
        }
    }

    @Test
    void missingImageIsRefused() {
        StandpipeException e = assertThrows(StandpipeException.class, () -> Restore.from(new Heap()).open());
        assertEquals("image shelf 3: shelf 3: there is no such file or directory", e.getMessage());
    }

    @Test
    void processRunsWhenTheStoreIsWrittenThoughItWasFrozenBefore() throws IOException {
        try (TestProcess process = TestProcess.shell("exec sleep 1000").awaitBecome("sleep").feed(CONTENT)) {
            Heap store = new Heap();
            Checkpoint.ofProcess(process.pid(), 0).writingWhileFrozen().writeTo(store);
            Await.until("it runs", () -> process.state() == 'S');
            assertRestores(Restore.from(store), 0);
        }
    }

    private static List<String> names(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void imageInAZipFile() throws Exception {
        Path zip = directory.resolve("images.zip");
        try (TestPipe pipe = TestPipe.holding(CONTENT)) {
            Checkpoint checkpoint = Checkpoint.ofDescriptors(pipe.readFd(), pipe.writeFd());
            try (FileSystem images = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
                Path image = images.getPath("/app.ckpt");
                checkpoint.writeTo(image);
                checkpoint.writeTo(image); // in place of the first
                assertEquals(List.of("app.ckpt"), names(image.getParent()));
                assertRestores(Restore.from(image), pipe.readFd());
                assertThrows(StandpipeException.class, () -> Checkpoint.ofDescriptors(pipe.readFd(), 1_000).writeTo(image));
                assertEquals(List.of("app.ckpt"), names(image.getParent()));
                Files.createDirectory(images.getPath("/directory"));
                StandpipeException e = assertThrows(StandpipeException.class, () -> checkpoint.writeTo(images.getPath("/directory")));
                assertTrue(e.getMessage().endsWith(
                        "images.zip!/directory: it is there and no regular file, expected a file or nothing"), e.getMessage());
                assertThrows(ImageRefusedException.class, () -> Restore.from(images.getPath("/directory")).open());
                assertThrows(StandpipeException.class, () -> Restore.from(images.getPath("/missing")).open());
                assertThrows(StandpipeException.class, () -> checkpoint.writeTo(images.getPath("/missing/app.ckpt")));
            }
            try (FileSystem images = FileSystems.newFileSystem(zip)) {
                assertRestores(Restore.from(images.getPath("app.ckpt")), pipe.readFd());
                assertFalse(Files.exists(images.getPath("/missing")));
            }
        }
    }
}
