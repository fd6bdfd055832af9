// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Durability;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcessRoot;
import io.standpipe.internal.store.AtomicImageFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The image's way between this process and the JVM. A JVM that sees the same files reads and writes the image itself. One in a container
 * has a copy in the place that was made for the agent.
 */
final class ImageTransfer implements AutoCloseable {

    private static final int PIECE_BYTES = 1 << 16;

    private final AgentPlace place;
    private final String outside;
    private final String inside;

    /** What the JVM writes is copied into this file; null if there is nothing to copy. */
    private final @Nullable AtomicImageFile copy;

    private ImageTransfer(AgentPlace place, String outside, String inside, @Nullable AtomicImageFile copy) {
        this.place = place;
        this.outside = outside;
        this.inside = inside;
        this.copy = copy;
    }

    /** @param output the image that the JVM is to write */
    static ImageTransfer out(ProcessRoot root, AgentPlace place, Path output) throws StandpipeException {
        String outside = absolute(output);
        return root.own()
                ? new ImageTransfer(place, outside, outside, null)
                : new ImageTransfer(place, outside, place.path(name(outside)), AtomicImageFile.create(output, Durability.MEDIUM));
    }

    /** @param input the image that the JVM is to read */
    static ImageTransfer in(ProcessRoot root, AgentPlace place, Path input) throws IOException {
        String outside = absolute(input);
        if (root.own()) {
            return new ImageTransfer(place, outside, outside, null);
        }
        if (!Files.isRegularFile(input)) {
            throw new StandpipeException("image " + outside + ": there is no such file");
        }
        try (InputStream image = Files.newInputStream(input)) {
            place.put(name(outside), image);
        }
        return new ImageTransfer(place, outside, place.path(name(outside)), null);
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    /** The same for the same path each time: by the path the agent knows which objects an image was saved from. */
    private static String name(String outside) {
        return "image-" + UUID.nameUUIDFromBytes(outside.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the image's path as the JVM sees it. */
    String inside() {
        return inside;
    }

    /** Returns the JVM's words with the image's path as this process sees it. */
    String translate(String text) {
        return text.replace(inside, outside);
    }

    /** Takes over what the JVM has written; the image appears when it is whole and on the medium. */
    void finish() throws IOException {
        if (copy == null) {
            return;
        }
        try (ReadableByteChannel written = Channels.newChannel(place.read(name(outside)))) {
            ByteBuffer piece = copy.body().allocate(PIECE_BYTES);
            for (long done = 0; written.read(piece) >= 0; piece = copy.body().allocate(PIECE_BYTES)) {
                piece.flip();
                int length = piece.remaining();
                copy.body().write(done, piece);
                done += length;
            }
            copy.commit();
        }
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
    }
}
