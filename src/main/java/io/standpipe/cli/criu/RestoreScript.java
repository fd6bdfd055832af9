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
 * An action script for CRIU, with what can be done only when CRIU has made the processes. Before they run, this command is started again
 * for the owners of signals. When they run, what holds ends is told to go on: if CRIU ends without that, it ends too.
 */
final class RestoreScript {

    private RestoreScript() {}

    /** Returns whether there is anything to do. */
    static boolean isNeeded(Image image, OutsideEnds outside) {
        return hasSignals(image) || outside.areHeld();
    }

    /** Returns whether a description has an owner of signals, or sends any. */
    private static boolean hasSignals(Image image) {
        return image.processes().stream()
                .flatMap(process -> process.table().descriptors().stream())
                .anyMatch(descriptor -> SignalOwners.hasSignals(descriptor.description()));
    }

    /** Returns the script; it is there as long as it is open. */
    static MemoryProgram make(Image image, OutsideEnds outside) throws StandpipeException {
        StringBuilder script = new StringBuilder("#!/bin/sh\ncase $CRTOOLS_SCRIPT_ACTION in\n");
        if (hasSignals(image)) {
            script.append("post-restore) exec ").append(hook()).append(" ;;\n");
        }
        if (outside.areHeld()) {
            script.append("post-resume) ").append(outside.stayInShell()).append(" ;;\n");
        }
        script.append("esac\n");
        try {
            return MemoryProgram.of("standpipe-criu", script.toString().getBytes(StandardCharsets.UTF_8));
        } catch (ErrnoException e) {
            throw Failures.of("the action script for CRIU", e);
        }
    }

    private static String hook() {
        String java = ProcessHandle.current().info().command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return quoted(java) + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp " + quoted(System.getProperty("java.class.path"))
                + " io.standpipe.cli.Main criu hook";
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
