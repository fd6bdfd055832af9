// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Finds and loads the native library, at the first native call.
 *
 * <p>The library is unpacked into a {@link PrivateDirectory}, loaded, and removed again: no other user can put a library in its
 * place, and every class loader gets its own copy, as the JVM demands. The property {@value #PATH_PROPERTY} names a library to load
 * instead, for hosts where nothing in the temporary directory may be executed.
 */
final class NativeLibrary {

    /** System property: path of the native library, instead of the one in the jar. */
    static final String PATH_PROPERTY = "standpipe.library.path";

    private NativeLibrary() {}

    static void load() {
        String path = System.getProperty(PATH_PROPERTY);
        if (path != null) {
            System.load(path);
        } else {
            loadFromJar();
        }
    }

    private static void loadFromJar() {
        String name = Loader.getPlatform() + "/libstandpipe.so";
        URL resource = NativeLibrary.class.getResource(name);
        if (resource == null) {
            throw new UnsatisfiedLinkError("Standpipe has no native library for " + Loader.getPlatform()
                    + " in its jar; set -D" + PATH_PROPERTY + " to one built for it");
        }
        Path directory = null;
        Path library = null;
        try {
            directory = PrivateDirectory.createIn(Path.of(System.getProperty("java.io.tmpdir")));
            library = directory.resolve("libstandpipe.so");
            Loader.extractResource(resource, library.toFile(), null, null);
            System.load(library.toString());
        } catch (IOException e) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError("cannot unpack the native library " + name + " to "
                    + (directory == null ? System.getProperty("java.io.tmpdir") : directory) + reason(e)
                    + "; set -Djava.io.tmpdir to a folder that can be written, or -D" + PATH_PROPERTY);
            error.initCause(e);
            throw error;
        } finally {
            remove(library);
            remove(directory);
        }
    }

    /** Returns a message's text, except for the JDK's subclasses of IOException: their message is only the path again. */
    private static String reason(IOException e) {
        return e.getClass() == IOException.class ? ": " + e.getMessage() : "";
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
