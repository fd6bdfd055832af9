// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.Checkpoint;
import io.standpipe.Freeze;
import io.standpipe.HostCheck;
import io.standpipe.HostFinding;
import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.Payload;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.LiveSocket;
import io.standpipe.internal.proc.LiveSocketScan;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.LocalSocket;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.internal.sys.Stat;
import io.standpipe.internal.sys.Terminal;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What only looks: list, peek, extract, check. */
final class Looks {

    private final Cast cast;
    private final Path directory;
    private final Path image;

    Looks(Cast cast, Path directory) throws StandpipeException {
        this.cast = cast;
        this.directory = directory;
        image = directory.resolve("looked-at");
        Checkpoint.ofProcess(cast.alone.pid(), 0).writeTo(image);
    }

    List<Operation> all() throws IOException {
        return List.of(peek(), extract(), check(), terminal(), sockets(), connection());
    }

    /** These have copies of all ends on the machine for a moment. */
    List<Operation> lists() throws StandpipeException {
        return List.of(list(), list().failing("pidfd_getfd", "EMFILE"));
    }

    private Operation list() throws StandpipeException {
        Map<Long, String> measured = new HashMap<>();
        String expected = text(LivePipes.find(), measured);
        return Operation.of("list", () -> {
            LivePipes found = LivePipes.find();
            return () -> SavedText.assertSame(expected, text(found, measured));
        });
    }

    /** A pipe that may not be looked into is listed as not measured: then it is as it was. What was measured must be the same. */
    private String text(LivePipes found, Map<Long, String> measured) throws StandpipeException {
        for (LivePipe pipe : found.of(cast.alone.pid(), cast.parent.pid(), cast.child)) {
            if (pipe.isMeasured()) {
                measured.putIfAbsent(pipe.ino(), pipe.capacityBytes() + " " + pipe.queuedBytes());
            }
        }
        List<Integer> pids = List.of(cast.alone.pid(), cast.parent.pid(), cast.child);
        return found.of(pids.stream().mapToLong(Integer::longValue).toArray()).stream()
                .map(pipe -> pipe.ino() + " "
                        + (pipe.isMeasured() ? pipe.capacityBytes() + " " + pipe.queuedBytes() : measured.get(pipe.ino())) + " "
                        + pipe.holders().stream().filter(holder -> pids.contains((int) holder.pid())).toList() + "\n")
                .collect(Collectors.joining());
    }

    private Operation peek() {
        return Operation.of("peek", () -> {
            try (Snapshot snapshot = Checkpoint.ofProcess(cast.alone.pid(), 0).freezing(Freeze.NONE).snapshot();
                    Payload payload = Restore.from(snapshot).payload()) {
                byte[] bytes = payload.readAllBytes();
                return () -> assertArrayEquals(RandomBytes.of(Cast.QUEUED), bytes);
            }
        });
    }

    private Operation extract() throws IOException {
        TestPipe pipe = TestPipe.open();
        return Operation.of("extract", () -> {
            try (Payload payload = Restore.from(image).payload()) {
                assertEquals(Cast.QUEUED, payload.sendTo(pipe.writeFd()));
            }
            return () -> assertArrayEquals(RandomBytes.of(Cast.QUEUED), pipe.readAll());
        }).after(() -> pipe.readAll());
    }

    /** What is missing is a finding, no failure. */
    private static Operation check() {
        return Operation.of("check", () -> {
            List<HostFinding> found = HostCheck.run();
            return () -> assertTrue(found.size() > 4);
        });
    }

    private static Operation terminal() {
        return Operation.of("terminal", () -> {
            boolean terminal = Terminal.isTerminal(0);
            int columns = Terminal.columns(0);
            return () -> assertEquals("false 0", terminal + " " + columns);
        });
    }

    /** The standard streams of these processes are no sockets. */
    private Operation sockets() {
        return Operation.of("sockets", () -> {
            List<LiveSocket> found = LiveSocketScan.of(List.of(cast.alone.pid()));
            return () -> assertEquals(List.of(), found);
        });
    }

    private Operation connection() throws IOException {
        Path name = directory.resolve("socket");
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(name));
        Stat owner = Stat.ofName(FileCalls.CURRENT_DIRECTORY, name.toString());
        return Operation.of("connection", () -> {
            try (Fd file = FileCalls.open(FileCalls.CURRENT_DIRECTORY, name.toString(), Flags.O_PATH, 0)) {
                Fd connection = LocalSocket.connect(file.number(), owner.uid(), owner.gid());
                while (connection == null) {
                    connection = LocalSocket.connect(file.number(), owner.uid(), owner.gid());
                }
                connection.close();
            } catch (ErrnoException e) {
                throw new StandpipeException(Reasons.of(e), e);
            }
            return () -> listener.accept().close();
        });
    }
}
