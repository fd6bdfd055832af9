// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.exec;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcessContext;
import io.standpipe.internal.sys.CommandSettings;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the caller had before the JVM began and changed it. The script that starts the JVM passes it on: the soft limit of fds, which
 * the JVM raises, and the ignored signals, some of which the JVM handles, in system properties; and variables that the JVM would obey,
 * under other names. Without the script nothing is known, and nothing is changed.
 */
public final class CallerState {

    private static final String FILES = "standpipe.caller.files";
    private static final String IGNORED = "standpipe.caller.ignored";
    private static final String VARIABLE = "STANDPIPE_CALLER_";

    private CallerState() {}

    /** Returns the settings with what the caller had, for a command that is to run as if the caller had started it. */
    public static CommandSettings in(CommandSettings settings) throws StandpipeException {
        String files = System.getProperty(FILES, "");
        String ignored = System.getProperty(IGNORED, "");
        CommandSettings limited = settings.limitedTo(
                files.matches("\\d{1,18}") ? Long.parseLong(files) : CommandSettings.UNCHANGED,
                ignored.matches("[0-9a-f]{1,16}") ? Long.parseUnsignedLong(ignored, 16) : 0);
        boolean renamed = settings.environment() == null && System.getenv().keySet().stream().anyMatch(name -> name.startsWith(VARIABLE));
        return renamed ? limited.inEnvironment(environment()) : limited;
    }

    private static List<byte[]> environment() throws StandpipeException {
        try {
            List<byte[]> variables = new ArrayList<>();
            for (byte[] variable : ProcessContext.of(ProcessCalls.pid()).environment()) {
                String text = new String(variable, StandardCharsets.ISO_8859_1);
                variables.add(text.startsWith(VARIABLE) ? text.substring(VARIABLE.length()).getBytes(StandardCharsets.ISO_8859_1) : variable);
            }
            return variables;
        } catch (IOException e) {
            throw Failures.of("the environment for the command cannot be read", e);
        }
    }
}
