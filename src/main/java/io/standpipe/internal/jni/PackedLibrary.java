// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import io.standpipe.UnavailableException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The library in the jar. It is unpacked into a {@link PrivateDirectory}, loaded, and removed again: no other user can put a library
 * in its place.
 */
final class PackedLibrary {

    static final String FILE = "libstandpipe.so";

    private PackedLibrary() {}

    /**
     * Loads a copy that is in a directory for that long.
     *
     * @param parent where a private directory is made for the copy
     * @throws UnavailableException if the jar has no library for this platform
     * @throws IOException if the copy cannot be made
     */
    static void loadThrough(String parent) throws IOException {
        Path directory = null;
        Path copy = null;
        try (InputStream packed = open()) {
            directory = PrivateDirectory.createIn(Path.of(parent));
            copy = directory.resolve(FILE);
            try (OutputStream out = new FileOutputStream(copy.toFile())) {
                out.write(packed.readAllBytes()); // transferTo may go through channels, which fail if the thread is interrupted.
            }
            System.load(copy.toString());
        } finally {
            remove(copy);
            remove(directory);
        }
    }

    /** @throws UnavailableException if the jar has no library for this platform, or cannot be read */
    static InputStream open() throws UnavailableException {
        InputStream packed = NativePlatform.open(FILE);
        if (packed != null) {
            return packed;
        }
        // A class loader says only that there is nothing, also where descriptors have run out.
        try {
            new FileInputStream("/proc/self/cmdline").close();
        } catch (IOException e) {
            throw LoadFailure.unreadable(e);
        }
        throw LoadFailure.notPacked();
    }

    private static void remove(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(NativeLibrary.class.getName())
                    .log(System.Logger.Level.DEBUG, "left behind: " + file, e);
        }
    }
}
