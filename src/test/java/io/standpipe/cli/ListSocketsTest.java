// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.LiveActivity.Kind;
import io.standpipe.internal.proc.LiveSocket;
import io.standpipe.internal.proc.LiveSocketScan;
import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Socket pairs that processes have in place of pipes, in {@link LiveSocketScan} and {@code standpipe list}. */
@Alone("list has copies of all ends on the machine for a moment, which others would take for holders")
@ExtendWith(DescriptorLeakCheck.class)
class ListSocketsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void otherProcessesCanBeLookedAt() {
        Host.assumeUnrelatedProcessesCanBeSaved();
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "writev", "send", "sendmsg", "sendmmsg", "poll", "epoll"})
    void childThatWaitsForRoomIsStuckAtTheParentThatDoesNotRead(String call) throws Exception {
        try (SocketPair pair = SocketPair.start(directory, call).awaitStuck()) {
            LiveSocket socket = pair.look();
            assertTrue(socket.pair());
            LiveSocket.End end = socket.ends().get(0);
            LiveSocket.End other = socket.ends().get(1);
            assertEquals(List.of(pair.child() + " 1 WAITS_FOR_ROOM"), holders(end));
            assertEquals(List.of(pair.parent() + " 9 WAITS_ELSEWHERE"), holders(other));
            assertTrue(end.full() && !other.full());
            assertEquals(0, end.queuedBytes());
            assertTrue(other.queuedBytes() > 10_000, other.toString());
            assertEquals("socket:[" + end.ino() + "]", Files.readSymbolicLink(Path.of("/proc/" + pair.child() + "/fd/1")).toString());
            assertEquals("socket:[" + other.ino() + "]", Files.readSymbolicLink(Path.of("/proc/" + pair.parent() + "/fd/9")).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "recvmsg", "recvmmsg", "read", "poll for bytes"})
    void childThatWaitsForBytesIsNotStuck(String call) throws Exception {
        try (SocketPair pair = SocketPair.start(directory, call)) {
            Await.until("it waits for bytes", () -> holders(pair.look().ends().get(0)).equals(List.of(pair.child() + " 1 WAITS_FOR_BYTES")));
            assertFalse(pair.look().isStuck());
        }
    }

    @Test
    void bytesThatWaitAreCountedAndConsumedByNobody() throws Exception {
        try (SocketPair pair = SocketPair.start(directory, "seven bytes")) {
            for (int i = 0; i < 2; i++) {
                Await.until("seven bytes wait", () -> pair.look().ends().get(1).queuedBytes() == 7);
            }
            assertFalse(pair.look().isStuck());
            assertTrue(LiveSocketScan.withQueuedBytes().stream()
                    .anyMatch(socket -> socket.ends().get(0).queuedBytes() == 7 && holders(socket.ends().get(1)).toString().contains(pair.child() + " 1 ")));
            new ProcessBuilder("kill", "-STOP", Integer.toString(pair.parent())).start().waitFor();
            Await.until("it is stuck, since the parent is stopped", () -> pair.look().isStuck());
        }
    }

    @Test
    void otherEndThatIsClosedIsSaidToBe() throws Exception {
        try (SocketPair pair = SocketPair.start(directory, "closed")) {
            Await.until("the other end is closed", () -> pair.look().isPeerClosed());
            String out = CommandRun.here("list", "--pid", pair.child()).out;
            assertTrue(out.contains(", whose other end is closed: a read ends, a write fails with SIGPIPE\n"), out);
        }
    }

    @Test
    void stuckPairIsListedWithBothEndsByAnyOfItsProcesses() throws Exception {
        try (SocketPair pair = SocketPair.start(directory, "write").awaitStuck()) {
            LiveSocket socket = pair.look();
            long own = socket.ends().get(0).ino();
            long other = socket.ends().get(1).ino();
            String bytes = Sizes.grouped(socket.ends().get(1).queuedBytes());
            CommandRun run = CommandRun.here("list", "--pid", pair.child());
            assertTrue(run.out.contains("socket pair " + own + " - " + other + ", stuck: what waits there is not read\n"
                    + "  socket " + own + ": 0 bytes to be read, and takes no more for the other end\n"
                    + "  end    process " + pair.child() + " (" + directory + "/program write), user "), run.out);
            assertTrue(run.out.contains(", fd 1: waits for room in write\n  socket " + other + ": " + bytes + " bytes to be read\n"
                    + "  end    process " + pair.parent() + " (" + directory + "/program write), user "), run.out);
            assertTrue(run.out.contains(", fd 9: waits elsewhere: a signal (pause)\n"), run.out);
            assertFalse(run.err.contains("descriptor 1"), run.err);
            for (Object[] arguments : new Object[][] {{"list", "--pid", pair.parent()}, {"list"}, {"list", "--blocked"}}) {
                String out = CommandRun.here(arguments).out;
                assertTrue(out.contains(other + " - " + own + ", stuck: what waits there is not read\n"), out);
            }
            String followed = CommandRun.here("list", "--follow", pair.child()).out;
            assertTrue(followed.contains("\nstuck at socket " + other + ": program (process " + pair.parent() + ") waits elsewhere: a signal (pause)"),
                    followed);
        }
    }

    @Test
    void socketOfAnotherNetworkNamespaceIsKnownByOneEndAlone() throws Exception {
        Host.assumeRootWith(Host.Capability.SYS_ADMIN);
        try (SocketPair pair = SocketPair.start(directory, "seven bytes")) {
            Await.until("the other end is known", () -> pair.look().unknown() == null);
        }
        Path program = directory.resolve("program");
        try (TestProcess process = TestProcess.of(List.of("unshare", "-n", program.toString(), "seven bytes"))) {
            int child = Integer.parseInt(process.readLine());
            Await.until("seven bytes wait", () -> !LiveSocketScan.of(List.of(child)).isEmpty());
            LiveSocket socket = LiveSocketScan.of(List.of(child)).get(0);
            assertNotNull(socket.unknown());
            assertTrue(socket.unknown().contains("another network namespace"), socket.unknown());
            assertFalse(socket.isPeerClosed() || socket.isStuck());
            assertEquals(0, socket.ends().get(0).queuedBytes());
            String out = CommandRun.here("list", "--pid", child).out;
            assertTrue(out.contains(", whose other end is unknown: it belongs to another network namespace"), out);
        }
    }

    @Test
    void childOfNodeThatIsNotReadIsStuck() throws Exception {
        Host.assumeTool("node");
        String script = "const c = require('child_process').spawn('sh', ['-c', 'while :; do echo more; done']);"
                + "console.log(c.pid); setInterval(() => {}, 1000);";
        try (TestProcess node = TestProcess.of(List.of("node", "-e", script))) {
            int child = Integer.parseInt(node.readLine());
            Await.until("the child is stuck", () -> LiveSocketScan.of(List.of(child)).stream().anyMatch(LiveSocket::isStuck));
            LiveSocket stuck = LiveSocketScan.of(List.of(child)).stream().filter(LiveSocket::isStuck).findFirst().orElseThrow();
            assertEquals(List.of(child + " 1 WAITS_FOR_ROOM"), holders(stuck.ends().get(0)));
            assertEquals(node.pid(), stuck.ends().get(1).holders().get(0).pid());
            String out = CommandRun.here("list", "--follow", child).out;
            assertTrue(out.contains("\nstuck at socket "), out);
        }
    }

    @Test
    void processThatIsNotThereIsNamed() {
        CommandRun.here("list", "--pid", 4_000_000).failed(1, "process 4000000: there is no such process");
    }

    private static List<String> holders(LiveSocket.End end) {
        return end.holders().stream().map(holder -> holder.pid() + " " + holder.fd() + " " + kind(holder).name()).toList();
    }

    private static Kind kind(LiveSocket.Holder holder) {
        return holder.activity().kind();
    }
}
