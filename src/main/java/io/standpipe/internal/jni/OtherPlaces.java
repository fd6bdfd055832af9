// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import io.standpipe.UnavailableException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the library is loaded from if that fails in the temporary directory, as it does where nothing can be written or executed
 * there: a file in memory, then directories that belong to this user alone.
 */
final class OtherPlaces {

    private interface Attempt {
        void load() throws IOException;
    }

    private OtherPlaces() {}

    /**
     * Loads the library from the first place that allows it.
     *
     * @param failedDirectory where it was tried before
     * @param failure why it failed there
     * @throws UnavailableException if no place allows it: the message names all, and the remedy
     */
    static void load(String failedDirectory, Throwable failure) throws UnavailableException {
        if (failure instanceof UnavailableException unavailable) {
            throw unavailable;
        }
        LoadFailure failures = new LoadFailure();
        failures.add("in " + failedDirectory, failure);
        boolean done = attempt(failures, "in memory", MemoryLibrary::load)
                || inDirectory(failures, System.getenv("XDG_RUNTIME_DIR"))
                || inDirectory(failures, System.getProperty("user.home"));
        if (!done) {
            throw failures.exception();
        }
    }

    private static boolean inDirectory(LoadFailure failures, @Nullable String directory) {
        return directory != null && !directory.isEmpty()
                && attempt(failures, "in " + directory, () -> PackedLibrary.loadThrough(directory));
    }

    /** Returns whether the library is loaded. Where the JVM denies native access, nothing more is tried. */
    private static boolean attempt(LoadFailure failures, String place, Attempt attempt) {
        if (failures.isDenied()) {
            return false;
        }
        try {
            attempt.load();
            return true;
        } catch (IOException | LinkageError | RuntimeException e) {
            failures.add(place, e);
            return false;
        }
    }
}
