// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.CgroupDirectory;
import io.standpipe.internal.proc.ProcFile;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A cgroup that can be frozen.
 *
 * @param directory of the cgroup
 * @param isV2 whether it is of version 2, or else of version 1's freezer controller
 */
record Cgroup(Path directory, boolean isV2) {

    /** Finds the cgroup of a process, of version 2 if that can be frozen; null if the process has ended. */
    static @Nullable Cgroup of(int pid) throws IOException {
        try {
            Cgroup found = find(pid, true);
            found = found != null ? found : find(pid, false);
            if (found != null) {
                return found;
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        throw new StandpipeException("process " + pid + ": it is in the root cgroup, which cannot be frozen, or its cgroup is not"
                + " mounted here, as in another container; use --freeze ptrace");
    }

    private static @Nullable Cgroup find(int pid, boolean isV2) throws IOException {
        Path directory = CgroupDirectory.of(pid, isV2);
        Cgroup found = directory == null ? null : new Cgroup(directory, isV2);
        return found != null && Files.exists(found.control()) ? found : null;
    }

    /** Returns the file by which the cgroup is frozen and thawed. */
    Path control() {
        return directory.resolve(isV2 ? "cgroup.freeze" : CgroupDirectory.FREEZER_STATE);
    }

    /** Returns the file that shows, in version 2, whether everything in the cgroup is frozen. */
    private Path events() {
        return directory.resolve("cgroup.events");
    }

    /** Returns whether somebody has frozen the cgroup, or is about to. */
    boolean isFreezing() throws IOException {
        String state = ProcFile.readLine(control().toString());
        return isV2 ? state.equals("1") : !state.equals(CgroupDirectory.THAWED);
    }

    /** Returns whether a cgroup is this one or below it. */
    boolean contains(Cgroup other) {
        return isV2 == other.isV2 && other.directory.startsWith(directory);
    }

    UnavailableException notWritable(@Nullable IOException cause) {
        return new UnavailableException(
                "cgroup " + directory + ": it may not be frozen; run as root, have it delegated, or use --freeze ptrace", cause);
    }

    /** Opens the files by which the cgroup is frozen without Java code. */
    OpenFiles open() throws ErrnoException {
        Fd control = FileCalls.open(FileCalls.CURRENT_DIRECTORY, control().toString(), Flags.O_RDWR, 0);
        try {
            return new OpenFiles(control, isV2
                    ? FileCalls.open(FileCalls.CURRENT_DIRECTORY, events().toString(), Flags.O_RDONLY, 0)
                    : null);
        } catch (ErrnoException e) {
            control.close();
            throw e;
        }
    }

    /** The open files of a cgroup; {@code events} is null in version 1. */
    record OpenFiles(Fd control, @Nullable Fd events) implements AutoCloseable {

        private static final int NONE = -1;

        FreezeCall.Cgroup forCall() {
            return new FreezeCall.Cgroup(control.number(), events == null ? NONE : events.number());
        }

        @Override
        public void close() {
            control.close();
            if (events != null) {
                events.close();
            }
        }
    }
}
