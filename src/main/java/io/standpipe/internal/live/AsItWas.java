// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.ProcessContext;
import io.standpipe.internal.proc.TraceRefusal;
import io.standpipe.internal.sys.CommandSettings;
import io.standpipe.internal.sys.CommandSettings.Credentials;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a command gets from the process that it replaces, besides fds: working directory, environment, umask, user and groups.
 *
 * @param directory the working directory, which {@code settings} name, too
 */
record AsItWas(CommandSettings settings, @Nullable Fd directory) implements AutoCloseable {

    private static final int ROOT = 0;

    /** Nothing. */
    static AsItWas nothing() {
        return new AsItWas(CommandSettings.NONE, null);
    }

    /**
     * Looks at a process.
     *
     * @throws UnavailableException if a command cannot become the process's user, or the process may not be looked at
     */
    static AsItWas of(HeldEnds ends) throws StandpipeException {
        int pid = ends.pid();
        try {
            ProcessContext theirs = ProcessContext.of(pid);
            if (!Files.isExecutable(Path.of("/proc/" + pid + "/cwd"))) {
                throw new UnavailableException(ends.process() + ": its working directory may not be entered by this user, or is gone:"
                        + " run as root, or without --as-it-was");
            }
            Credentials credentials = credentials(ends, theirs.credentials());
            Fd directory = FileCalls.open(
                    FileCalls.CURRENT_DIRECTORY, "/proc/" + pid + "/cwd", Flags.O_PATH | Flags.oDirectory(), 0);
            return new AsItWas(
                    new CommandSettings(
                            theirs.environment(), directory.number(), credentials, theirs.fileMask(), false, CommandSettings.UNCHANGED, 0),
                    directory);
        } catch (AccessDeniedException e) {
            throw new UnavailableException(
                    ends.process() + ": its environment and directory may not be looked at" + TraceRefusal.explain(pid), e);
        } catch (IOException e) {
            throw Failures.of(ends.process() + ": its environment and directory", e);
        }
    }

    /** Returns null if they are this process's own. */
    private static @Nullable Credentials credentials(HeldEnds ends, Credentials theirs) throws IOException {
        Credentials own = ProcessContext.of(ProcessCalls.pid()).credentials();
        if (own.equals(theirs)) {
            return null;
        }
        if (own.users().get(1) != ROOT) {
            throw new UnavailableException(ends.process() + " has another user or other groups (uid " + theirs.users().get(1) + ", gid "
                    + theirs.groups().get(1) + "), which a command gets only from root: run as root, or without --as-it-was");
        }
        return theirs;
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
