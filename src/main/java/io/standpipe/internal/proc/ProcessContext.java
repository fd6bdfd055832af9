// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.CommandSettings.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a process passes on to the programs that it starts.
 *
 * @param environment what the process began with, each variable in bytes of any encoding
 * @param fileMask as umask has it
 */
public record ProcessContext(List<byte[]> environment, Credentials credentials, int fileMask) {

    private static final int OCTAL = 8;
    private static final int REAL_EFFECTIVE_SAVED = 3;

    /**
     * Looks at a process.
     *
     * @throws java.nio.file.AccessDeniedException if this process may not look at it
     */
    public static ProcessContext of(int pid) throws IOException {
        String status = "/proc/" + pid + "/status";
        Credentials credentials = new Credentials(
                ids(status, "Uid:").subList(0, REAL_EFFECTIVE_SAVED), ids(status, "Gid:").subList(0, REAL_EFFECTIVE_SAVED),
                ids(status, "Groups:"));
        int mask = Integer.parseInt(ProcFile.readField(status, "Umask:"), OCTAL);
        return new ProcessContext(variables(ProcFile.readText("/proc/" + pid + "/environ")), credentials, mask);
    }

    private static List<Integer> ids(String status, String field) throws IOException {
        return Arrays.stream(ProcFile.readField(status, field).trim().split("\\s+"))
                .filter(word -> !word.isEmpty()).map(Integer::parseUnsignedInt).toList();
    }

    private static List<byte[]> variables(String environment) {
        List<byte[]> variables = new ArrayList<>();
        for (String variable : environment.split("\0")) {
            // A program may have put anything there, such as its title.
            if (variable.indexOf('=') > 0) {
                variables.add(variable.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return variables;
    }
}
