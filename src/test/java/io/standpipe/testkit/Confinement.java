// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a container engine leaves to the commands of a container: a seccomp profile, capabilities, and no_new_privs. Namespaces and
 * mounts are not its business: a {@link Container} has these.
 */
public final class Confinement {

    /** Whose seccomp profile it is. confine.c has what each refuses. */
    public enum Profile { NONE, DOCKER, DOCKER_20_10, DOCKER_19_03, PODMAN, SANDBOX }

    /** The capabilities that engines leave to root, as a mask. */
    public static final long USUAL = 0xa80425fbL;

    /** CAP_SYS_PTRACE, as a mask. */
    public static final long PTRACE = 1L << 19;

    private final Path program;

    private Confinement(Path program) {
        this.program = program;
    }

    /** Compiles what confines a command; skips the test without the right to drop capabilities from the bounding set. */
    public static Confinement in(Path directory) throws IOException, InterruptedException {
        Host.assumeRootWith(Host.Capability.SETPCAP);
        return new Confinement(CCode.program(directory, Confinement.class, "confine.c"));
    }

    /**
     * Returns the beginning of a command line: the command that is appended to it is confined.
     *
     * @param capabilities the bounding set, as a mask; user 0 has all of them
     * @param user the command's user and group
     */
    public List<String> of(Profile profile, long capabilities, int user) {
        return new ArrayList<>(List.of(
                program.toString(), profile.name().toLowerCase(Locale.ROOT), Long.toHexString(capabilities), Integer.toString(user)));
    }
}
