// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.host.HostProbes;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.sys.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Tries what a checkpoint and a restore need of this kernel, these limits and permissions.
 *
 * @since 0.1
 */
public final class HostCheck {

    private HostCheck() {}

    /**
     * Returns whether Standpipe's native library is loaded, or can be: whether anything here works at all. This loads it. What else
     * the kernel, limits and permissions allow, {@link #run} says.
     */
    public static boolean isAvailable() {
        return NativeLibrary.failure() == null;
    }

    /**
     * Returns why the native library cannot be loaded: what all methods that need it throw, its message with the remedy. Empty if it
     * is loaded.
     */
    public static Optional<UnavailableException> unavailabilityCause() {
        return Optional.ofNullable(NativeLibrary.failure());
    }

    /**
     * Names the native library's file for this copy of Standpipe alone, that is, for this class loader. It is loaded at the next use,
     * in place of what {@code -Dstandpipe.library.path} names or the jar has; once a library is loaded, this changes nothing.
     */
    public static void useLibrary(Path file) {
        NativeLibrary.name(file.toAbsolutePath().toString());
    }

    /**
     * Tries what a checkpoint and a restore need. Nothing that is made for this is left. A child is forked for it, which is frozen for
     * an instant and killed.
     *
     * @throws UnavailableException if the native library cannot be loaded
     * @throws StandpipeException if /proc cannot be read
     */
    public static List<HostFinding> run() throws StandpipeException {
        NativeLibrary.require();
        try {
            return HostProbes.run();
        } catch (IOException e) {
            throw Failures.of("cannot look at this system", e);
        }
    }
}
