// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.standpipe.LiveEnds;
import io.standpipe.StartedCommand;
import io.standpipe.Swap;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Swaps of the one reader of a pipe. Whatever fails, the pipe has a reader: the old process, the command, or a holder. */
final class Swaps implements AutoCloseable {

    private static final int READ_FD = 5;

    private final Path fifo;
    private final Fd write;
    private TestProcess old;
    private final List<StartedCommand> started = new ArrayList<>();

    /** @param folder where the FIFO is made */
    Swaps(Path folder) throws IOException, InterruptedException {
        fifo = folder.resolve("swapped");
        if (new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() != 0) {
            throw new IOException("mkfifo failed");
        }
        try (Fd both = FileCalls.open(FileCalls.CURRENT_DIRECTORY, fifo.toString(), Flags.O_RDWR, 0)) {
            write = FileCalls.reopen(both.number(), Flags.O_WRONLY);
            renew();
        }
    }

    private void renew() throws IOException {
        old = TestProcess.shellWithoutPipes("exec sleep 1000 5<" + fifo).awaitBecome("sleep");
    }

    List<Operation> all() {
        return List.of(
                Operation.of("swap", () -> {
                    started.addAll(swap().start(Set.of()));
                    return () -> assertFalse(PipeIo.isBroken(write.number()));
                }).after(this::check),
                Operation.of("detached swap, as it was", () -> {
                    started.addAll(swap().asItWas().detached().awaitingInput(Duration.ofMillis(5)).start(Set.of()));
                    return () -> assertFalse(PipeIo.isBroken(write.number()));
                }).after(this::check),
                Operation.of("hold", () -> {
                    try (LiveEnds ends = LiveEnds.ofProcess(old.pid(), READ_FD)) {
                        ends.hold(Duration.ofMinutes(1));
                    }
                    return () -> assertFalse(PipeIo.isBroken(write.number()));
                }).after(this::check));
    }

    private Swap swap() {
        return Swap.of(old.pid(), List.of("sleep", "1000")).onlyDescriptors(old.pid(), READ_FD).besideReaders()
                .awaitingInput(Duration.ZERO);
    }

    /** Looks whether the pipe has a reader, and gives it a new one. */
    private void check() throws IOException {
        boolean isBroken = PipeIo.isBroken(write.number());
        started.forEach(StartedCommand::kill);
        started.clear();
        allHolders().forEach(ProcessHandle::destroyForcibly);
        old.close();
        Await.until("no holder is left", () -> allHolders().findAny().isEmpty());
        renew();
        assertFalse(isBroken, "the pipe has lost its reader");
    }

    private Stream<ProcessHandle> allHolders() {
        String whose = "ends of process " + old.pid() + " ";
        return ProcessHandle.allProcesses().filter(process -> process.info().arguments().stream().flatMap(Stream::of)
                .anyMatch(argument -> argument.startsWith(whose)));
    }

    @Override
    public void close() throws IOException {
        write.close();
        old.close();
    }
}
