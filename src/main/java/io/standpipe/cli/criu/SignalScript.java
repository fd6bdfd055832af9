// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.exec.MemoryProgram;
import io.standpipe.internal.restore.SignalOwners;
import io.standpipe.internal.sys.Failures;
import io.standpipe.pipe.ErrnoException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * An action script that starts this command again, when CRIU has made the processes and before they run: only then a signal can have an
 * owner.
 */
final class SignalScript {

    private SignalScript() {}

    /** Returns whether a description has an owner of signals, or sends any. */
    static boolean isNeeded(Image image) {
        return image.processes().stream()
                .flatMap(process -> process.table().descriptors().stream())
                .anyMatch(descriptor -> SignalOwners.hasSignals(descriptor.description()));
    }

    /** Returns the script; it is there as long as it is open. */
    static MemoryProgram make() throws StandpipeException {
        String java = ProcessHandle.current().info().command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String script = "#!/bin/sh\n[ \"$CRTOOLS_SCRIPT_ACTION\" = post-restore ] || exit 0\nexec " + quoted(java)
                + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp " + quoted(System.getProperty("java.class.path"))
                + " io.standpipe.cli.Main criu hook\n";
        try {
            return MemoryProgram.of("standpipe-criu", script.getBytes(StandardCharsets.UTF_8));
        } catch (ErrnoException e) {
            throw Failures.of("the action script for CRIU", e);
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
