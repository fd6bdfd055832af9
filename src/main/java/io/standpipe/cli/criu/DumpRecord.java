// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Reasons;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Which dump of CRIU's an image was saved with. Two dumps of the same processes have the same pids, descriptors and pipes, so an image of
 * the other one would pass for the right one, and its contents would be doubled or lost. A file beside the image has checksums of
 * CRIU's inventory, which differs in each dump, and of how the image begins and ends.
 */
final class DumpRecord {

    /** The name of the file. */
    static final String FILE = "standpipe.dump";

    private static final String INVENTORY = "inventory.img";
    private static final int MOST_BYTES = 1 << 16;
    private static final int DIGITS = 8;

    private DumpRecord() {}

    /** Writes it; CRIU has written its inventory. Where that goes elsewhere than to the directory, there is no such file. */
    static void write(Path directory) throws StandpipeException {
        Path file = directory.resolve(FILE);
        try {
            if (Files.exists(directory.resolve(INVENTORY))) {
                SmallFile.replace(file, checksums(directory) + "\n");
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new StandpipeException(file + ": " + Reasons.of(e), e);
        }
    }

    /** Throws if there is such a file, and it is of another dump or of another image. */
    static void check(Path directory) throws StandpipeException {
        Path file = directory.resolve(FILE);
        try {
            if (Files.notExists(file)) {
                return;
            }
            String expected = new String(beginning(file), StandardCharsets.US_ASCII).strip();
            String found = checksums(directory);
            if (!found.equals(expected)) {
                throw new ImageRefusedException(directory.resolve(TreeCapture.IMAGE) + " and CRIU's images in " + directory
                        + " are not of one dump: the checksums of both are " + found + ", expected " + expected + " as in " + file
                        + "; without " + TreeCapture.IMAGE + " CRIU restores what it has of the pipes itself");
            }
        } catch (IOException e) {
            throw e instanceof StandpipeException known ? known : new StandpipeException(file + ": " + Reasons.of(e), e);
        }
    }

    /** Not by a cryptographic digest: the first one in a JVM takes 40 ms, in which CRIU keeps the processes frozen. */
    private static String checksums(Path directory) throws IOException {
        Path image = directory.resolve(TreeCapture.IMAGE);
        return HexFormat.of().toHexDigits(checksum(beginning(directory.resolve(INVENTORY))), DIGITS)
                + HexFormat.of().toHexDigits(checksum(beginning(image), end(image)), DIGITS);
    }

    private static long checksum(byte[]... parts) {
        CRC32C checksum = new CRC32C();
        for (byte[] part : parts) {
            checksum.update(part);
        }
        return checksum.getValue();
    }

    private static byte[] beginning(Path file) throws IOException {
        try (RandomAccessFile open = openRegular(file)) {
            return read(open, Math.min(open.length(), MOST_BYTES));
        }
    }

    private static byte[] end(Path file) throws IOException {
        try (RandomAccessFile open = openRegular(file)) {
            long length = Math.min(open.length(), MOST_BYTES);
            open.seek(open.length() - length);
            return read(open, length);
        }
    }

    private static RandomAccessFile openRegular(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new StandpipeException(file + ": expected a regular file");
        }
        return new RandomAccessFile(file.toFile(), "r");
    }

    private static byte[] read(RandomAccessFile open, long length) throws IOException {
        byte[] bytes = new byte[(int) length];
        open.readFully(bytes);
        return bytes;
    }
}
