// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Checkpoint;
import io.standpipe.Freeze;
import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.Value;
import io.standpipe.internal.pipes.ReaderAtHand;
import java.io.IOException;

/** {@code standpipe peek}. */
final class PeekCommand extends Subcommand {

    private final Value<Integer> process = syntax.option("--pid", "PID", NumberKind.PID, "The process.").required();

    private final Value<Integer> descriptor =
            syntax.option("--fd", "N", NumberKind.ANY, "Its descriptor: either end of the pipe.").required();

    private final Flag hex = syntax.flag("--hex", "As hexdump -C prints it. Default: as text, with escapes for what is none.");

    private final Flag bytes = syntax.flag("--bytes", "Just as it is, by splice; not to a terminal.");

    PeekCommand() {
        super(
                "standpipe peek",
                "Prints what is queued in a pipe of a running process, without consuming it; the process is not stopped.",
                "Where there are packets, a line tells where each buffer begins.",
                "A pipe that nobody has open for reading is opened by no look at a write end: it prints nothing if it is empty, and"
                        + " is refused otherwise.");
        syntax.atMostOne(hex, bytes);
        syntax.examples(
                "standpipe peek --pid 4711 --fd 0",
                "standpipe peek --pid 4711 --fd 0 --hex",
                "standpipe peek --pid 4711 --fd 0 --bytes | tail -n 1");
    }

    @Override
    int run() throws IOException {
        int pid = process.get();
        int fd = descriptor.get();
        try (ReaderAtHand atHand = ReaderAtHand.of(pid, fd)) {
            if (!atHand.isEmpty()) {
                print(atHand.reader() == null
                        ? Checkpoint.ofProcess(pid, fd)
                        : Checkpoint.ofDescriptors(atHand.reader().number()));
            }
        }
        return ExitCode.DONE;
    }

    private void print(Checkpoint pipe) throws IOException {
        try (Snapshot snapshot = pipe.freezing(Freeze.NONE).reporting(new Details(this::detail)).snapshot();
                Payload payload = Restore.from(snapshot).payload()) {
            if (bytes.isGiven()) {
                send(payload);
            } else {
                (hex.isGiven() ? new PayloadText.Hex(out()) : new PayloadText.Escaped(out())).print(payload);
            }
        }
    }
}
