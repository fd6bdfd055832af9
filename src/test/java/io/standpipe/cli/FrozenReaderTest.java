// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.CCode;
import io.standpipe.testkit.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image is sent to a reader that is one of the processes that are saved. */
class FrozenReaderTest {

    /** A tree with two full pipes, of which the shell is the root and the reader of the image a leaf. */
    private static final String TREE = "yes | sleep 1000 & A=$!; yes | sleep 1000 & B=$!; "
            + "{ \"$@\" --tree $$; echo $? > status; } | cat > image; kill $A $B";

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeSaved() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    private CommandRun tree(Object... more) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("checkpoint", "--output", "-"));
        arguments.addAll(List.of(more));
        return CommandRun.shell("cd '" + directory + "'; " + TREE, arguments.toArray());
    }

    private int status() throws Exception {
        return Integer.parseInt(Files.readString(directory.resolve("status")).trim());
    }

    @Test
    void pipeToAFrozenReaderIsRefusedWithTheReader() throws Exception {
        CommandRun run = tree("--write-while-frozen");
        assertEquals(1, status(), run.err);
        assertTrue(
                run.err.matches("(?s).*descriptor 1: process \\d+, which reads the image there, is to be frozen until the image is"
                        + " written, .*leave out --write-while-frozen.*"), run.err);
    }

    @Test
    void imageReachesThatReaderOnceItRunsAgain() throws Exception {
        CommandRun run = tree();
        assertEquals(0, status(), run.err);
        CommandRun.here("show", directory.resolve("image")).succeeded();
    }

    @Test
    void socketToAFrozenReaderIsGivenUp() throws Exception {
        String program = """
                #include <fcntl.h>
                #include <stdio.h>
                #include <sys/socket.h>
                #include <sys/wait.h>
                #include <unistd.h>
                int main(int argc, char **argv) {
                    int pair[2], status, full[2];
                    char bytes[65536], pid[20];
                    for (int i = 0; i < 9; i++) {
                        pipe(full);
                        write(full[1], bytes, sizeof bytes);
                    }
                    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
                    sprintf(pid, "%d", getpid());
                    if (fork() == 0) {
                        dup2(pair[1], 1);
                        close(pair[0]);
                        argv[argc] = NULL;
                        for (int i = 1; i < argc; i++)
                            argv[i - 1] = argv[i][0] == '@' ? pid : argv[i];
                        argv[argc - 1] = NULL;
                        execvp(argv[0], argv);
                        _exit(127);
                    }
                    close(pair[1]);
                    while (read(pair[0], bytes, sizeof bytes) > 0)
                        ;
                    wait(&status);
                    return WEXITSTATUS(status);
                }
                """;
        String parent = CCode.program(directory, program).toString();
        CommandRun.through(List.of(parent), "checkpoint", "--tree", "@", "--write-while-frozen", "--output", "-")
                .failed(1, "standard output: nothing was read there for 5 s, while processes are frozen",
                        "leave out --write-while-frozen");
        assertEquals(0, CommandRun.through(List.of(parent), "checkpoint", "--tree", "@", "--output", "-").exitStatus);
    }
}
