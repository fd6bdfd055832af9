// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.ImageRefusedException;
import io.standpipe.ImageStore;
import io.standpipe.StandpipeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * An image at a path of another file system than the default one, such as that of a zip file. It is written under a temporary name
 * beside the path, and moved: atomically where the file system can do that.
 */
public final class PathStore implements ImageStore {

    private final Path path;

    /** @param path of any provider */
    public PathStore(Path path) {
        this.path = path;
    }

    /** Returns whether a path is of the file system of this machine, where images are files with a descriptor. */
    public static boolean isLocal(Path path) {
        return path.getFileSystem() == FileSystems.getDefault();
    }

    @Override
    public Writing create() throws IOException {
        if (path.getFileName() == null || Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new StandpipeException("image " + this + ": it is there and no regular file, expected a file or nothing");
        }
        Path temporary = path.resolveSibling(StaleTempFiles.newName());
        return new MovedFile(Files.newByteChannel(
                temporary, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), ownerOnly()), temporary);
    }

    private FileAttribute<?>[] ownerOnly() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    @Override
    public ReadableByteChannel open() throws IOException {
        if (Files.isDirectory(path)) {
            throw new ImageRefusedException("image " + this + ": a directory, not a file");
        }
        return Files.newByteChannel(path);
    }

    @Override
    public String toString() {
        return path.toUri().toString();
    }

    /** A file with a temporary name. */
    private final class MovedFile implements Writing {

        private final SeekableByteChannel channel;
        private final Path temporary;
        private boolean committed;

        MovedFile(SeekableByteChannel channel, Path temporary) {
            this.channel = channel;
            this.temporary = temporary;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return channel.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void commit() throws IOException {
            channel.close();
            try {
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
                Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
            }
            committed = true;
        }

        @Override
        public void close() throws IOException {
            try {
                channel.close();
            } finally {
                if (!committed) {
                    Files.deleteIfExists(temporary);
                }
            }
        }
    }
}
