// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.CheckpointReport;
import io.standpipe.StandpipeException;
import io.standpipe.cli.criu.RestoredTree;
import io.standpipe.cli.criu.TreeCapture;
import io.standpipe.cli.options.UsageException;
import java.nio.file.Path;
import java.util.List;

/** {@code standpipe criu hook}. */
final class CriuHookCommand extends Subcommand {

    private static final String ACTION = "CRTOOLS_SCRIPT_ACTION";
    private static final String DIRECTORY = "CRTOOLS_IMAGE_DIR";
    private static final String ROOT = "CRTOOLS_INIT_PID";

    CriuHookCommand() {
        super(
                "standpipe criu hook",
                "An action script of CRIU's, for a CRIU that another program starts: at post-dump it saves the pipes beside CRIU's images;"
                        + " at post-restore, before the processes run, it fills the pipes that CRIU has made as they were filled. At other"
                        + " stages it does nothing.",
                "CRIU tells it the stage and the rest by the variables CRTOOLS_SCRIPT_ACTION, CRTOOLS_IMAGE_DIR and CRTOOLS_INIT_PID. Where it fails"
                        + " CRIU fails, too: after a failed dump the processes go on.");
        syntax.examples("printf '#!/bin/sh\\nexec standpipe criu hook\\n' > /usr/local/sbin/standpipe-hook");
    }

    @Override
    int run() throws StandpipeException {
        String action = variable(ACTION);
        switch (action) {
            case "post-dump" -> capture();
            case "post-restore" -> putRight();
            default -> detail("nothing to do at " + action);
        }
        return ExitCode.DONE;
    }

    private void capture() throws StandpipeException {
        CheckpointReport report = TreeCapture.captureForCriu(root(), directory());
        note(report == null ? "the processes have no pipes" : String.format(
                "saved %s with %s bytes in flight, behind %s of %s, to %s", Sizes.count(report.pipes(), "pipe"),
                Sizes.grouped(report.payloadBytes()), Sizes.count(report.descriptors(), "descriptor"),
                CriuCommand.processes(report), TreeCapture.IMAGE));
        if (report != null) {
            report.notes().forEach(this::message);
        }
    }

    private void putRight() throws StandpipeException {
        List<String> deviations = RestoredTree.putRight(root(), directory());
        if (deviations == null) {
            note(directory() + " has no " + TreeCapture.IMAGE + ": the pipes are as CRIU has restored them");
        } else {
            deviations.forEach(this::message);
        }
    }

    private static Path directory() {
        return Path.of(variable(DIRECTORY));
    }

    private static int root() {
        String pid = variable(ROOT);
        try {
            return Integer.parseInt(pid);
        } catch (NumberFormatException e) {
            throw new UsageException(ROOT + " is '" + pid + "', expected a pid");
        }
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new UsageException("CRIU runs this as an action script, and sets " + name + ", which is not set");
        }
        return value;
    }
}
