// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.store.ImageFileSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a CRIU dump: the number of its kind, and messages one behind the other, each behind its length. In files of contents
 * the bytes of a pipe follow each message ({@link #skip}). What is no regular file is refused without being opened.
 *
 * <pre>
 *   0  u32 0x54564319    in all but the inventory, since version 1.1 of the images; otherwise the kind comes first
 *   4  u32 kind
 *   8  u32 length        of a message
 *  12  message
 *   .  contents          in pipes-data.img and fifo-data.img, as many bytes as the message says
 * </pre>
 */
public final class CriuImageFile implements AutoCloseable {

    /** Longest message that is read. Those of pipes, files and processes are much shorter. */
    static final int MOST_MESSAGE_BYTES = 1 << 20;

    private static final int WINDOW_BYTES = 1 << 14;

    private final ImageFileSource source;
    private final Path path;
    private long position;
    private @Nullable ByteBuffer window;
    private long windowOffset;

    private CriuImageFile(ImageFileSource source, Path path) {
        this.source = source;
        this.path = path;
    }

    /**
     * Opens a file, and checks the number that it begins with.
     *
     * @throws ImageRefusedException if it is of another kind, or no regular file
     * @throws StandpipeException if it cannot be opened
     */
    public static CriuImageFile open(Path path, CriuFileKind kind) throws StandpipeException {
        ImageFileSource source = ImageFileSource.open(path);
        boolean opened = false;
        try {
            CriuImageFile file = new CriuImageFile(source, path);
            file.readMagic(kind);
            opened = true;
            return file;
        } finally {
            if (!opened) {
                source.close();
            }
        }
    }

    /** Opens a file as {@link #open} does, or returns null if there is none. */
    public static @Nullable CriuImageFile openIfThere(Path path, CriuFileKind kind) throws StandpipeException {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS) ? null : open(path, kind);
    }

    private void readMagic(CriuFileKind kind) throws StandpipeException {
        long first = number("the number of its kind");
        long found = first == CriuFileKind.COMMON_MAGIC && kind != CriuFileKind.INVENTORY ? number("the number of its kind") : first;
        if (found != kind.magic()) {
            throw new ImageRefusedException(path + ": it begins with " + hex(found) + ", expected " + hex(kind.magic()) + ", which "
                    + path.getFileName() + " of CRIU has");
        }
    }

    private static String hex(long number) {
        return String.format("0x%08x", number);
    }

    /** Returns whether a message follows. */
    public boolean hasNext() {
        return position < source.sizeBytes();
    }

    /**
     * Returns the next message.
     *
     * @throws ImageRefusedException if the file ends before the message does, or there is no message
     */
    public CriuMessage next() throws StandpipeException {
        String place = path + ": message at offset " + position;
        long length = number(place + ": its length");
        long left = source.sizeBytes() - position;
        if (length > Math.min(left, MOST_MESSAGE_BYTES)) {
            throw new ImageRefusedException(place + ": its length is " + length + ", expected at most "
                    + (length > left ? left + ", what is left of the file" : Integer.toString(MOST_MESSAGE_BYTES)));
        }
        byte[] bytes = new byte[(int) length];
        at(bytes.length).get(bytes);
        position += length;
        return CriuMessage.of(bytes, place);
    }

    /** Returns the only message of the file. */
    public CriuMessage only() throws StandpipeException {
        CriuMessage message = next();
        if (hasNext()) {
            throw new ImageRefusedException(path + ": " + (source.sizeBytes() - position) + " bytes follow its message, expected none");
        }
        return message;
    }

    /**
     * Skips contents that follow a message.
     *
     * @return offset of the contents in the file
     * @throws ImageRefusedException if the file ends before
     */
    public long skip(long contentsBytes, CriuMessage behind) throws ImageRefusedException {
        long left = source.sizeBytes() - position;
        if (contentsBytes > left) {
            throw behind.refused("bytes", Long.toString(contentsBytes), "at most " + left + ", what is left of the file");
        }
        long offset = position;
        position += contentsBytes;
        return offset;
    }

    private long number(String what) throws StandpipeException {
        if (source.sizeBytes() - position < Integer.BYTES) {
            throw new ImageRefusedException((what.startsWith(path.toString()) ? what : path + ": " + what) + " is cut short: the file ends at offset "
                    + source.sizeBytes());
        }
        long number = Integer.toUnsignedLong(at(Integer.BYTES).getInt());
        position += Integer.BYTES;
        return number;
    }

    /** Returns memory whose next bytes are those at the position, as many as are asked for; the file must have them. */
    private ByteBuffer at(int bytes) throws StandpipeException {
        ByteBuffer present = window;
        if (present == null || position < windowOffset || position + bytes > windowOffset + present.limit()) {
            int length = (int) Math.min(Math.max(bytes, WINDOW_BYTES), source.sizeBytes() - position);
            present = source.allocate(Math.max(length, WINDOW_BYTES)).clear().limit(length).order(ByteOrder.LITTLE_ENDIAN);
            source.read(position, present);
            window = present;
            windowOffset = position;
        }
        return present.position((int) (position - windowOffset));
    }

    /** Returns the length of the file. */
    public long sizeBytes() {
        return source.sizeBytes();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    @Override
    public void close() {
        source.close();
    }
}
