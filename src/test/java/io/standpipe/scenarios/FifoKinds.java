// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static io.standpipe.scenarios.ScenarioTest.text;

import java.nio.file.Path;
import java.util.List;

/** Kinds of FIFOs that one process has; names as in the tests of CRIU are mentioned. */
final class FifoKinds {

    private FifoKinds() {}

    /** @param directory where the FIFOs are made; each kind has another name in it */
    static List<Kind> in(Path directory) {
        return List.of(
                Kind.of("FIFO open for both, with data", opened(directory, "fifo", "O_RDWR", puppet -> puppet.writes(3, text(5000)))),
                Kind.of("FIFO with a signal", opened(directory, "async", "O_RDWR|O_NONBLOCK", puppet ->
                        puppet.does("catch SIGUSR1", "setown 3 F_OWNER_PID " + puppet.pid(), "setsig 3 SIGUSR1", "setfl 3 O_ASYNC|O_NONBLOCK")),
                        cast -> cast[0].writes(3, "x").expect("10:3:POLLIN", "signals")),
                Kind.of("FIFO that never had a writer", opened(directory, "ro", "O_NONBLOCK", puppet -> {}),
                        cast -> cast[0].expect("0", "poll 3 POLLIN").reads("", 3, 1)),
                Kind.of("FIFO with data whose writer has gone", opened(directory, "gone", "O_NONBLOCK", puppet ->
                        puppet.does(open(directory, "gone", "O_WRONLY", 4)).writes(4, text(5000)).does("close 4")),
                        cast -> cast[0].expect("POLLIN|POLLHUP", "poll 3 POLLIN")),
                Kind.of("FIFO with data whose reader has gone", opened(directory, "wo", "O_NONBLOCK", puppet ->
                        puppet.does(open(directory, "wo", "O_WRONLY", 4)).writes(4, text(5000)).does("close 3")),
                        cast -> cast[0].does("reopen 4 O_NONBLOCK 3")),
                Kind.of("FIFO that was unlinked, with data", opened(directory, "unlinked", "O_RDWR", puppet ->
                        puppet.writes(3, text(5000)).does("unlink " + directory.resolve("unlinked")))),
                Kind.of("FIFO open in three ways", opened(directory, "three", "O_RDWR", puppet ->
                        puppet.does(open(directory, "three", "O_WRONLY", 4), open(directory, "three", "O_NONBLOCK", 5)).writes(4, text(300)))),
                Kind.of("FIFO with packets", opened(directory, "packets", "O_RDWR", puppet ->
                        puppet.does("setfl 3 O_DIRECT").writes(3, "one").writes(3, "three"))),
                Kind.of("FIFO of another capacity, owner and mode", opened(directory, "owned", "O_RDWR", puppet ->
                        puppet.does("setpipe 3 8192", "chown 3 1234 4321", "chmod 3 0640").writes(3, text(8192)))));
    }

    private static Kind.Alone opened(Path directory, String name, String flags, Kind.Alone then) {
        return puppet -> {
            puppet.does("mkfifo " + directory.resolve(name) + " 0600", open(directory, name, flags, 3));
            then.with(puppet);
        };
    }

    private static String open(Path directory, String name, String flags, int fd) {
        return "open " + directory.resolve(name) + " " + flags + " " + fd;
    }
}
