// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.proc.ProcessStatus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A cgroup that can be frozen, of version 2 or of version 1's freezer controller: its folder, and what is written there. */
public record Cgroup(Path folder, boolean second) implements StandStill.Awaited {

    /** Finds the cgroup of a process; version 2 is preferred where it can freeze. Null if the process has ended. */
    static Cgroup of(int pid) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) {
            if (!ProcessStatus.isAlive(pid)) {
                return null;
            }
            throw e;
        }
        for (boolean second : new boolean[] {true, false}) {
            for (String line : lines) {
                String[] fields = line.split(":", 3);
                boolean matches = second ? fields[0].equals("0") : List.of(fields[1].split(",")).contains("freezer");
                Path mount = matches ? CgroupMounts.find(second) : null;
                if (mount != null) {
                    Cgroup found = new Cgroup(mount.resolve(fields[2].substring(1)), second);
                    if (Files.exists(found.control())) {
                        return found;
                    }
                }
            }
        }
        throw FreezeException.failed("process " + pid + ": it is in no cgroup that can be frozen, but in the root one;"
                + " use --freeze stop");
    }

    /** The file that freezes and thaws. */
    Path control() {
        return folder.resolve(second ? "cgroup.freeze" : "freezer.state");
    }

    /** The file that tells, in version 2, when everything in it stands still. */
    Path events() {
        return folder.resolve("cgroup.events");
    }

    String thawing() {
        return second ? "0" : "THAWED";
    }

    /** Whether somebody has it frozen, or is about to. */
    boolean isFreezing() throws IOException {
        String state = Files.readString(control()).trim();
        return second ? state.equals("1") : !state.equals("THAWED");
    }

    /** Whether everything in it stands still. */
    private boolean isFrozen() throws IOException {
        return second
                ? Files.readString(events()).contains("frozen 1")
                : Files.readString(control()).trim().equals("FROZEN");
    }

    @Override
    public int moving() throws IOException {
        return isFrozen() ? 0 : 1;
    }

    @Override
    public String complaint(int moving) {
        return "cgroup " + folder + ": it does not come to a stand";
    }

    /** Whether a cgroup is this one or below it. */
    boolean holds(Cgroup other) {
        return other != null && second == other.second && other.folder.startsWith(folder);
    }

    void freeze() throws IOException {
        write(second ? "1" : "FROZEN");
    }

    void thaw() throws IOException {
        write(thawing());
    }

    private void write(String text) throws IOException {
        try {
            Files.writeString(control(), text + "\n");
        } catch (AccessDeniedException e) {
            throw notWritable(e);
        } catch (FileSystemException e) {
            if (e.getReason() != null && e.getReason().contains("Read-only")) {
                throw notWritable(e);
            }
            throw e;
        }
    }

    FreezeException notWritable(IOException cause) {
        return FreezeException.unavailable(
                "cgroup " + folder + ": it may not be frozen; run as root, have it delegated, or use --freeze stop", cause);
    }
}
