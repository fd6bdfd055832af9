// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Drain;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.PipeHolder;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Drains of a pipe that nobody reads. Whatever fails, each byte is in the pipe, or where it was to go. */
final class Drains implements AutoCloseable {

    private static final byte[] BYTES = RandomBytes.of(9_000);
    private static final int WRITE_FD = 20;

    private final PipeHolder holder = PipeHolder.of("-", Integer.toString(WRITE_FD), "");
    private final TestPipe piped = TestPipe.open();
    private final Path file;
    private final Path appended;

    Drains(Path folder) throws IOException, InterruptedException {
        file = folder.resolve("drained");
        appended = Files.createFile(folder.resolve("appended"));
        fill();
    }

    List<Operation> all() {
        return List.of(
                Operation.of("drain to a pipe", () -> {
                    long taken = drain().to(piped.writeFd()).takenBytes();
                    return () -> assertEquals(BYTES.length, taken);
                }).after(() -> check(piped.readAll())),
                Operation.of("drain to a file", () -> {
                    long taken = drain().to(file).takenBytes();
                    return () -> assertEquals(BYTES.length, taken);
                }).after(() -> {
                    byte[] taken = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
                    Files.deleteIfExists(file);
                    check(taken);
                }),
                Operation.of("drain to a file that is appended to", () -> {
                    long taken;
                    try (Fd output = FileCalls.open(
                            FileCalls.CURRENT_DIRECTORY, appended.toString(), Flags.O_WRONLY | Flags.O_APPEND, 0)) {
                        taken = drain().to(output.number()).takenBytes();
                    } catch (ErrnoException e) {
                        throw Failures.of("the output", e);
                    }
                    return () -> assertEquals(BYTES.length, taken);
                }).after(() -> {
                    byte[] taken = Files.readAllBytes(appended);
                    Files.write(appended, new byte[0]);
                    check(taken);
                }));
    }

    private Drain drain() {
        return Drain.of(holder.pid(), WRITE_FD);
    }

    private interface Use {
        void of(int fdWrite) throws IOException;
    }

    private void withWriteEnd(Use use) throws IOException {
        try (Fd pidfd = ProcessCalls.pidfdOpen((int) holder.pid());
                Fd write = ProcessCalls.pidfdGetFd(pidfd.number(), WRITE_FD)) {
            use.of(write.number());
        }
    }

    /** A writer without a reader would get SIGPIPE: one is there as long as this takes. */
    private void fill() throws IOException {
        withWriteEnd(write -> {
            Fd reader = FileCalls.reopen(write, Flags.O_RDONLY | Flags.O_NONBLOCK);
            PipeIo.write(write, BYTES);
            reader.close();
        });
    }

    /** Checks that what was taken and what is left are all bytes there were, and fills the pipe again. */
    private void check(byte[] taken) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(taken);
        withWriteEnd(write -> all.writeBytes(PipeIo.readBehind(write)));
        fill();
        assertArrayEquals(BYTES, all.toByteArray(), () -> taken.length + " taken, " + (all.size() - taken.length) + " left");
    }

    @Override
    public void close() {
        holder.close();
        piped.close();
    }
}
