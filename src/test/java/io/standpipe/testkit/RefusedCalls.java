// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs commands under a seccomp profile that refuses system calls, as a container's does, or as if the kernel were an older one. */
public final class RefusedCalls {

    /** What a kernel before Linux 6.10 without CONFIG_KCMP refuses: it compares no open file descriptions. */
    public static final String NO_COMPARISON = "kcmp=ENOSYS,F_DUPFD_QUERY=EINVAL";

    private final Path program;

    private RefusedCalls(Path program) {
        this.program = program;
    }

    /** Compiles the program that refuses calls. */
    public static RefusedCalls in(Path directory) throws IOException, InterruptedException {
        return new RefusedCalls(CCode.program(directory, RefusedCalls.class, "refuse.c"));
    }

    /**
     * Returns the beginning of a command line: what is appended to it runs without the calls.
     *
     * @param calls such as {@code kcmp} or {@code kcmp=ENOSYS,tee}, with EPERM where no error is named
     */
    public List<String> refusing(String calls) {
        return List.of(program.toString(), calls);
    }
}
