// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.LiveActivity;
import io.standpipe.LiveActivity.Kind;
import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.LiveSocket;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PipeChainTest {

    private static final int FULL = 65_536;

    @Test
    void chainIsStuckWhereTheLastReaderIsStopped() {
        List<LivePipe> pipes = List.of(
                full(10, writer(1, Kind.WAITS_FOR_ROOM), reader(2, Kind.WAITS_ELSEWHERE)),
                full(11, writer(2, Kind.WAITS_FOR_ROOM), reader(3, Kind.STOPPED)));
        assertEquals("1>10(2>11(3))", text(chain(1, pipes)));
        assertEquals(List.of(11L), stuck(chain(1, pipes)));
        assertEquals(List.of(11L), stuck(chain(2, pipes)));
        assertEquals("3", text(chain(3, pipes)));
    }

    @Test
    void branchThatIsStuckComesFirst() {
        List<LivePipe> pipes = List.of(
                pipe(10, 0, false, writer(1, Kind.WAITS_ELSEWHERE), reader(2, Kind.WAITS_FOR_BYTES)),
                full(11, writer(1, Kind.WAITS_FOR_ROOM), reader(3, Kind.WAITS_ELSEWHERE), reader(4, Kind.WAITS_ELSEWHERE)));
        assertEquals("1>11(3 4)>10(2)", text(chain(1, pipes)));
        assertEquals(List.of(11L), stuck(chain(1, pipes)));
    }

    @Test
    void circleIsWalkedOnce() {
        List<LivePipe> pipes = List.of(
                full(10, writer(1, Kind.WAITS_FOR_ROOM), reader(2, Kind.WAITS_ELSEWHERE)),
                full(11, writer(2, Kind.WAITS_FOR_ROOM), reader(1, Kind.WAITS_ELSEWHERE)));
        assertEquals("1>10(2>11(1!))", text(chain(1, pipes)));
        assertEquals(List.of(11L), stuck(chain(1, pipes)));
        assertTrue(chain(1, pipes).stuckLinks().get(0).circular());
    }

    @Test
    void processThatIsReachedTwiceIsStuckWhereItsOwnReaderIs() {
        List<LivePipe> pipes = List.of(
                full(10, writer(1, Kind.WAITS_FOR_ROOM), reader(2, Kind.WAITS_ELSEWHERE)),
                full(11, writer(1, Kind.WAITS_ELSEWHERE), reader(2, Kind.WAITS_ELSEWHERE)),
                full(12, writer(2, Kind.WAITS_FOR_ROOM), reader(3, Kind.STOPPED)));
        assertEquals("1>10(2>12(3))>11(2!)", text(chain(1, pipes)));
        assertEquals(List.of(12L), stuck(chain(1, pipes)));
        assertTrue(chain(1, pipes).allLinks().stream().noneMatch(PipeChain.Link::circular));
    }

    @Test
    void pipeOfAProcessToItselfIsNoWay() {
        List<LivePipe> pipes = List.of(pipe(10, 0, false, writer(1, Kind.RUNS), reader(1, Kind.RUNS)));
        assertEquals("1", text(chain(1, pipes)));
    }

    @Test
    void severalEndsInOneProcessAreOneLink() {
        List<LivePipe> pipes = List.of(full(
                10, writer(1, Kind.WAITS_FOR_ROOM), new LivePipe.Holder(process(1), 1, 2, 1, activity(Kind.WAITS_FOR_ROOM)),
                reader(2, Kind.WAITS_ELSEWHERE)));
        assertEquals(List.of(1, 2), chain(1, pipes).links().get(0).fds());
        assertEquals(1, chain(1, pipes).allLinks().size());
    }

    @Test
    void processThatWaitsForAReaderOfAFifoIsStuckThere() {
        LivePipe fifo = new LivePipe(
                1, 10, "/f", OptionalInt.empty(), OptionalInt.empty(), false, false, false, false, List.of(),
                List.of(new LivePipe.Opener(process(1), true, activity(Kind.WAITS_IN_OPEN))));
        assertEquals(List.of(10L), stuck(chain(1, List.of(fifo))));
    }

    @Test
    void socketWithBytesIsPartOfTheWay() {
        LiveSocket socket = new LiveSocket(
                true,
                List.of(new LiveSocket.End(20, 0, true, List.of(socketHolder(2, Kind.WAITS_FOR_ROOM))),
                        new LiveSocket.End(21, 900, false, List.of(socketHolder(3, Kind.WAITS_ELSEWHERE)))),
                null);
        List<LivePipe> pipes = List.of(full(10, writer(1, Kind.WAITS_FOR_ROOM), reader(2, Kind.WAITS_ELSEWHERE)));
        PipeChain chain = PipeChain.from(1, pipes, List.of(socket)).orElseThrow();
        assertEquals("1>10(2>socket(3))", text(chain));
        assertEquals(socket, chain.stuckLinks().get(0).socket());
    }

    @Test
    void processWithoutAPipeIsOnNoWay() {
        assertTrue(PipeChain.from(1, List.of(), List.of()).isEmpty());
    }

    private static PipeChain chain(int pid, List<LivePipe> pipes) {
        return PipeChain.from(pid, pipes, List.of()).orElseThrow();
    }

    private static List<Long> stuck(PipeChain chain) {
        return chain.stuckLinks().stream().map(link -> link.pipe().ino()).toList();
    }

    private static String text(PipeChain chain) {
        return chain.process().pid() + (chain.metBefore() ? "!" : "") + chain.links().stream()
                .map(link -> ">" + (link.pipe() == null ? "socket" : link.pipe().ino())
                        + link.readers().stream().map(PipeChainTest::text).collect(Collectors.joining(" ", "(", ")")))
                .collect(Collectors.joining());
    }

    private static LivePipe full(long ino, LivePipe.Holder... holders) {
        return pipe(ino, FULL, true, holders);
    }

    private static LivePipe pipe(long ino, int queuedBytes, boolean full, LivePipe.Holder... holders) {
        return new LivePipe(1, ino, null, OptionalInt.of(FULL), OptionalInt.of(queuedBytes), full, false, false, false, Arrays.asList(holders), List.of());
    }

    private static LivePipe.Holder writer(int pid, Kind kind) {
        return new LivePipe.Holder(process(pid), pid, 1, 1, activity(kind));
    }

    private static LivePipe.Holder reader(int pid, Kind kind) {
        return new LivePipe.Holder(process(pid), pid, 0, 0, activity(kind));
    }

    private static LiveSocket.Holder socketHolder(int pid, Kind kind) {
        return new LiveSocket.Holder(process(pid), pid, 1, 2, activity(kind));
    }

    private static LiveProcess process(int pid) {
        return new LiveProcess(pid, "p" + pid, "p" + pid, OptionalLong.of(0), "root", 'S', "/");
    }

    private static LiveActivity activity(Kind kind) {
        return new LiveActivity(kind, 1, null, OptionalInt.empty(), null);
    }
}
