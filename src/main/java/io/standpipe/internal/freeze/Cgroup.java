// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.proc.ProcFile;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cgroup that can be frozen.
 *
 * @param directory of the cgroup
 * @param isV2 whether it is of version 2, or else of version 1's freezer controller
 */
record Cgroup(Path directory, boolean isV2) {

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int MOUNT_POINT = 4;
    private static final char UNINTERRUPTIBLE = 'D';

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
        throw new StandpipeException("process " + pid + ": it is in no cgroup that can be frozen, but in the root one;"
                + " use --freeze ptrace");
    }

    private static @Nullable Cgroup find(int pid, boolean isV2) throws IOException {
        for (String line : ProcFile.readLines("/proc/" + pid + "/cgroup")) {
            String[] fields = line.split(":", 3);
            boolean matches = isV2 ? fields[0].equals("0") : List.of(fields[1].split(",")).contains("freezer");
            Path mount = matches ? mountPoint(isV2) : null;
            if (mount != null) {
                Cgroup found = new Cgroup(mount.resolve(fields[2].substring(1)), isV2);
                if (Files.exists(found.control())) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Returns whether a process is frozen by version 1's freezer, where ptrace does not stop it. */
    static boolean isFrozenByV1(ProcessStatus status) throws IOException {
        if (status.state() != UNINTERRUPTIBLE) {
            return false;
        }
        Cgroup cgroup = find(status.pid(), false);
        return cgroup != null && cgroup.isFreezing();
    }

    /** Returns where the hierarchy of version 2, or of version 1's freezer controller, is mounted; null if it is not. */
    static @Nullable Path mountPoint(boolean isV2) throws IOException {
        for (String line : ProcFile.readLines("/proc/self/mountinfo")) {
            String[] behind = line.substring(line.indexOf(" - ") + " - ".length()).split(" ");
            boolean matches = isV2
                    ? behind[0].equals("cgroup2")
                    : behind[0].equals("cgroup") && List.of(behind[2].split(",")).contains("freezer");
            if (matches) {
                return Path.of(ESCAPED.matcher(line.split(" ")[MOUNT_POINT]).replaceAll(Cgroup::unescaped));
            }
        }
        return null;
    }

    /** Returns the character that mountinfo shows as a backslash and three octal digits, such as a blank. */
    private static String unescaped(MatchResult match) {
        String character = String.valueOf((char) Integer.parseInt(match.group(1), 8));
        return character.equals("\\") ? "\\\\" : character;
    }

    /** Returns the file by which the cgroup is frozen and thawed. */
    Path control() {
        return directory.resolve(isV2 ? "cgroup.freeze" : "freezer.state");
    }

    /** Returns the file that shows, in version 2, whether everything in the cgroup is frozen. */
    private Path events() {
        return directory.resolve("cgroup.events");
    }

    /** Returns whether somebody has frozen the cgroup, or is about to. */
    boolean isFreezing() throws IOException {
        String state = ProcFile.readLine(control().toString());
        return isV2 ? state.equals("1") : !state.equals("THAWED");
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
