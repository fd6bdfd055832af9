// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/**
 * Finds and loads the native library, at the first native call and not before.
 *
 * <p>The library is unpacked into a new folder with a random name that only this user may enter, loaded, and removed
 * again: no other user can put a library of theirs in its place, and every class loader gets a copy of its own, as the JVM
 * demands. Where others could change the folders above, it is refused. The property {@value #PATH_PROPERTY} names a library to load instead, for systems where nothing may be
 * executed from the temporary folder.
 */
public final class NativeLibrary {

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
        Path folder = null;
        Path library = null;
        try {
            folder = PrivateDirectory.createIn(Path.of(System.getProperty("java.io.tmpdir")));
            library = folder.resolve("libstandpipe.so");
            Loader.extractResource(resource, library.toFile(), null, null);
            System.load(library.toString());
        } catch (IOException e) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError("cannot unpack the native library " + name + " to "
                    + (folder == null ? System.getProperty("java.io.tmpdir") : folder) + reason(e)
                    + "; set -Djava.io.tmpdir to a folder that can be written, or -D" + PATH_PROPERTY);
            error.initCause(e);
            throw error;
        } finally {
            remove(library);
            remove(folder);
        }
    }

    /** Of what the JDK throws the message is a path, which is told already. */
    private static String reason(IOException e) {
        return e.getClass() == IOException.class ? ": " + e.getMessage() : "";
    }

    /** What is null, or not there, is removed already. */
    private static void remove(Path file) {
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
