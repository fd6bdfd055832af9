// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import io.standpipe.UnavailableException;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Loads the native library of this class loader: the file that was named, or else a copy of the one in the jar. Every class loader
 * gets its own copy, as the JVM demands. A failure is not final: the next call tries again, since a file can be named, or a directory
 * made writable, meanwhile. Safe for use by several threads.
 */
public final class NativeLibrary {

    /** System property: path of the native library, instead of the one in the jar. */
    static final String PATH_PROPERTY = "standpipe.library.path";

    private static final NativeLibrary OURS = new NativeLibrary();

    private volatile boolean loaded;
    private volatile @Nullable String named;

    private NativeLibrary() {}

    /**
     * Loads the library unless it is loaded. What is open to users calls this first, so that it begins nothing which it cannot
     * finish.
     *
     * @throws UnavailableException if the library cannot be loaded
     */
    public static void require() throws UnavailableException {
        if (!OURS.loaded) {
            OURS.load();
        }
    }

    /** Returns why the library cannot be loaded, or null if it is loaded. */
    public static @Nullable UnavailableException failure() {
        try {
            require();
            return null;
        } catch (UnavailableException e) {
            return e;
        }
    }

    /** Names the file that this class loader is to load, before the property and the jar. No effect once a library is loaded. */
    public static void name(String file) {
        OURS.named = file;
    }

    /** Loads the library for a native that is called without {@link #require} before it. */
    static void requireOrLinkageError() {
        UnavailableException failure = failure();
        if (failure != null) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError(failure.getMessage());
            error.initCause(failure);
            throw error;
        }
    }

    private synchronized void load() throws UnavailableException {
        if (loaded) {
            return;
        }
        try {
            loadFirst();
        } catch (SecurityException e) {
            throw LoadFailure.forbidden(e);
        }
        loaded = true;
    }

    private void loadFirst() throws UnavailableException {
        String property = System.getProperty(PATH_PROPERTY);
        if (named != null) {
            loadNamed(named, "named for this copy of Standpipe");
        } else if (property != null) {
            loadNamed(property, "named by -D" + PATH_PROPERTY);
        } else {
            loadPacked();
        }
    }

    private static void loadNamed(String path, String by) throws UnavailableException {
        File file = new File(path).getAbsoluteFile();
        try {
            NamedLibrary.check(file);
            System.load(file.getPath());
        } catch (IOException | LinkageError | RuntimeException e) {
            throw LoadFailure.ofNamed(file, by, e);
        }
    }

    private static void loadPacked() throws UnavailableException {
        String directory = System.getProperty("java.io.tmpdir");
        try {
            PackedLibrary.loadThrough(directory);
        } catch (IOException | LinkageError | RuntimeException e) {
            OtherPlaces.load(directory, e);
        }
    }
}
