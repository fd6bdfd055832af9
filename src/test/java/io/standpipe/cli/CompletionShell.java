// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory in which a shell has what completions are tried with: files and a program, some with names that shells would expand. */
final class CompletionShell {

    /** The name of a file, and of a program that runs. Whoever expands it makes a file. */
    static final String TRAP = "$(touch run)";

    private CompletionShell() {}

    /** Puts the files there: an image, the trap, a program {@code probe-of-completion} and one with the trap's name. */
    static void prepare(Path directory) throws Exception {
        Files.createFile(directory.resolve("app one.ckpt"));
        Files.createFile(directory.resolve(TRAP));
        Path programs = Files.createDirectory(directory.resolve("programs"));
        for (String name : new String[] {"probe-of-completion", TRAP}) {
            Path program = Files.copy(Path.of("/bin/sleep"), programs.resolve(name));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Starts the program with the trap's name. */
    static Process trap(Path directory) throws Exception {
        return new ProcessBuilder(directory.resolve("programs").resolve(TRAP).toString(), "1000").start();
    }

    /** Asserts that nothing was run by its name. */
    static void assertNotRun(Path directory) {
        assertTrue(Files.notExists(directory.resolve("run")), "a name was expanded");
    }
}
