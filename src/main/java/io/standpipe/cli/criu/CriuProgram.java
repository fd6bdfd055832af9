// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.StandpipeException;
import io.standpipe.internal.exec.Command;
import io.standpipe.internal.sys.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The program criu.
 *
 * @param path its file
 */
public record CriuProgram(String path) {

    /** The variable of the environment that names the program. */
    public static final String VARIABLE = "CRIU";

    private static final String NAME = "criu";
    private static final Pattern VERSION = Pattern.compile("(?m)^Version: ((\\d+)\\.\\S+)");

    /**
     * Finds the program.
     *
     * @param chosen by the user; null for that which the environment names, or else for {@code criu} in a directory of PATH
     * @throws io.standpipe.CommandException if it is not there
     */
    public static CriuProgram find(@Nullable Path chosen) throws StandpipeException {
        String named = System.getenv(VARIABLE);
        String name = chosen != null ? chosen.toString() : named != null && !named.isEmpty() ? named : NAME;
        return new CriuProgram(Command.find("the program of --criu", List.of(name)).path());
    }

    /** Returns its version, such as 4.2. */
    public String version() throws StandpipeException {
        return versionFound().group(1);
    }

    /** Returns whether plugins can take part while the processes are frozen and no file is dumped. */
    boolean hasHookForFrozen() throws StandpipeException {
        return Integer.parseInt(versionFound().group(2)) >= 4;
    }

    private Matcher versionFound() throws StandpipeException {
        String printed;
        try {
            Process process = new ProcessBuilder(path, "--version").redirectErrorStream(true).start();
            process.getOutputStream().close();
            printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StandpipeException(path + " --version: " + Reasons.of(e), e);
        }
        Matcher version = VERSION.matcher(printed);
        if (!version.find()) {
            throw new StandpipeException(path + " --version: expected a line such as 'Version: 4.2', found '" + printed.strip() + "'");
        }
        return version;
    }
}
