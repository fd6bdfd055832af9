// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.Image;
import io.standpipe.LiveProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Names processes for people. Most are of few users and cgroups, whose names are kept as long as this object. */
public final class ProcessNames {

    private static final int MOST_BYTES = 4096;
    private static final int MOST_USER_BYTES = 256;

    private final ProgramReader programs = new ProgramReader(MOST_BYTES, MOST_USER_BYTES);
    /** The paths of cgroups by what /proc/PID/cgroup says. */
    private final Map<String, String> cgroups = new HashMap<>();

    /** Returns the names of a process; those that may not be read, or of one that has ended meanwhile, are empty. */
    public LiveProcess name(ProcessStatus process) throws IOException {
        int pid = process.pid();
        try {
            Image.Program program = programs.read(process);
            byte[] user = program.user();
            return new LiveProcess(
                    pid, text(program.name()), text(program.commandLine()).replace('\0', ' ').trim(),
                    OptionalLong.of(program.uid()),
                    user == null ? Long.toString(program.uid()) : text(user), process.state(), cgroup(pid));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return new LiveProcess(pid, text(process.name().getBytes(StandardCharsets.ISO_8859_1)), "", OptionalLong.empty(), "", process.state(), "");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String cgroup(int pid) throws IOException {
        return cgroups.computeIfAbsent(ProcFile.readText("/proc/" + pid + "/cgroup"), ProcessNames::cgroup);
    }

    /** Each line has a hierarchy's number, its controllers and the path. */
    private static String cgroup(String lines) {
        String path = "";
        for (String line : lines.split("\n")) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && (path.length() <= 1 || fields[0].equals("0") && fields[2].length() > 1)) {
                path = text(fields[2].getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return path;
    }
}
