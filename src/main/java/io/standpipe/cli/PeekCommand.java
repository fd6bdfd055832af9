// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import io.standpipe.Freeze;
import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import io.standpipe.internal.pipes.ReaderAtHand;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code standpipe peek}. */
@Command(
        name = "peek",
        description = {
            "Prints what is queued in a pipe of a running process, without consuming it; the process is not stopped.",
            "Where there are packets, a line tells where each buffer begins.",
            "A pipe that nobody has open for reading is opened by no look at a write end: it prints nothing if it is empty, and"
                    + " is refused otherwise."},
        footer = {"", "Examples:",
            "  standpipe peek --pid 4711 --fd 0",
            "  standpipe peek --pid 4711 --fd 0 --hex",
            "  standpipe peek --pid 4711 --fd 0 --bytes | tail -n 1"})
final class PeekCommand extends Subcommand {

    @Option(names = "--pid", required = true, paramLabel = "PID", description = "The process.")
    private long pid;

    @Option(names = "--fd", required = true, paramLabel = "N", description = "Its descriptor: either end of the pipe.")
    private int fd;

    @ArgGroup
    private Form form = new Form();

    /** How the bytes are printed; text by default. */
    static final class Form {

        @Option(names = "--hex", description = "As hexdump -C prints it. Default: as text, with escapes for what is none.")
        private boolean hex;

        @Option(names = "--bytes", description = "Just as it is, by splice; not to a terminal.")
        private boolean bytes;
    }

    @Override
    public Integer call() throws IOException {
        try (ReaderAtHand atHand = ReaderAtHand.of((int) Math.min(pid, Integer.MAX_VALUE), fd)) {
            if (!atHand.isEmpty()) {
                print(atHand.reader() == null
                        ? Checkpoint.ofProcess(pid, fd)
                        : Checkpoint.ofDescriptors(atHand.reader().number()));
            }
        }
        return ExitCode.DONE;
    }

    private void print(Checkpoint pipe) throws IOException {
        try (Snapshot snapshot = pipe.freezing(Freeze.NONE).snapshot();
                Payload payload = Restore.from(snapshot).payload()) {
            if (form.bytes) {
                send(payload);
            } else {
                (form.hex ? new PayloadText.Hex(out()) : new PayloadText.Escaped(out())).print(payload);
            }
        }
    }
}
