// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what processes are, for people: command line, name and user. The list of users is read once, when it is needed. */
public final class ProgramReader {

    private static final String USERS = "/etc/passwd";
    private static final int NAME_FIELD = 0;
    private static final int UID_FIELD = 2;

    private final int mostBytes;
    private final int mostUserBytes;
    private @Nullable Map<String, String> users;

    /**
     * @param mostBytes of a command line
     * @param mostUserBytes a user with a longer name has none
     */
    public ProgramReader(int mostBytes, int mostUserBytes) {
        this.mostBytes = mostBytes;
        this.mostUserBytes = mostUserBytes;
    }

    /**
     * Reads what a process is.
     *
     * @throws java.nio.file.NoSuchFileException if it has ended
     */
    public Image.Program read(int pid) throws IOException {
        return read(ProcessStatus.of(pid));
    }

    /** Reads what a process is; throws as {@link #read(int)}. */
    Image.Program read(ProcessStatus status) throws IOException {
        int pid = status.pid();
        String uid = ProcFile.readField("/proc/" + pid + "/status", "Uid:").split("\t")[1];
        byte[] commandLine = ProcFile.readBytes("/proc/" + pid + "/cmdline", mostBytes + 1);
        boolean cut = commandLine.length > mostBytes;
        int end = Math.min(commandLine.length, mostBytes);
        if (end > 0 && commandLine[end - 1] != 0) {
            // A program that writes over its arguments may leave out the last NUL.
            end = Math.min(end + 1, mostBytes);
            cut |= end == commandLine.length;
        }
        byte[] kept = Arrays.copyOf(commandLine, end);
        if (end > 0) {
            kept[end - 1] = 0;
        }
        String user = users().get(uid);
        return new Image.Program(
                status.name().getBytes(StandardCharsets.ISO_8859_1), kept, cut, Long.parseLong(uid),
                user == null || user.isEmpty() || user.length() > mostUserBytes
                        ? null : user.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns the names of this machine's users by their numbers: those of its own, since to ask for others may take long. */
    private Map<String, String> users() {
        if (users == null) {
            Map<String, String> found = new HashMap<>();
            try {
                for (String line : ProcFile.readLines(USERS)) {
                    String[] fields = line.split(":", UID_FIELD + 2);
                    if (fields.length > UID_FIELD) {
                        found.putIfAbsent(fields[UID_FIELD], fields[NAME_FIELD]);
                    }
                }
            } catch (IOException e) {
                // Without the file users have no names here.
            }
            users = found;
        }
        return users;
    }
}
