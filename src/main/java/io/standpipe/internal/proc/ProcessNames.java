// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.LiveProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Names processes for people. The names of users are kept as long as this object. */
public final class ProcessNames {

    private static final int UNKNOWN = -1;
    private static final int EFFECTIVE = 1;

    private final Map<Integer, String> users = new HashMap<>();

    /** Returns the names of a process; those that may not be read, or of one that has ended meanwhile, are empty. */
    public LiveProcess name(ProcessStatus process) throws IOException {
        int pid = process.pid();
        int uid = uid(pid);
        return new LiveProcess(
                pid, text(process.name()), commandLine(pid), uid, uid == UNKNOWN ? "" : user(uid, pid), process.state(), cgroup(pid));
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String commandLine(int pid) throws IOException {
        try {
            return text(ProcFile.readLine("/proc/" + pid + "/cmdline").replace('\0', ' '));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return "";
        }
    }

    private static int uid(int pid) throws IOException {
        try {
            return Integer.parseUnsignedInt(ProcFile.readField("/proc/" + pid + "/status", "Uid:").split("\\s+")[EFFECTIVE]);
        } catch (NoSuchFileException | AccessDeniedException e) {
            return UNKNOWN;
        }
    }

    /** The owner of /proc/PID has the uid, unless the process is not dumpable: then root owns it, and the digits have to do. */
    private String user(int uid, int pid) {
        String known = users.get(uid);
        if (known != null) {
            return known;
        }
        try {
            Path directory = Path.of("/proc/" + pid);
            if (Files.getAttribute(directory, "unix:uid").equals(uid)) {
                String name = Files.getOwner(directory).getName();
                users.put(uid, name);
                return name;
            }
        } catch (IOException e) {
            // It has ended.
        }
        return Integer.toUnsignedString(uid);
    }

    /** Each line has a hierarchy's number, its controllers and the path. */
    private static String cgroup(int pid) throws IOException {
        String path = "";
        try {
            for (String line : ProcFile.readLines("/proc/" + pid + "/cgroup")) {
                String[] fields = line.split(":", 3);
                if (fields.length == 3 && (path.length() <= 1 || fields[0].equals("0") && fields[2].length() > 1)) {
                    path = text(fields[2]);
                }
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            return path;
        }
        return path;
    }
}
