// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Anonymous pipes: capacities, descriptions and their flags, ends at many numbers. */
class PipeScenarioTest extends ScenarioTest {

    private static final int DEFAULT_CAPACITY = 65_536;

    /** Known as pipe00. */
    @Test
    void crossedPipesAtSwappedFdsAreRestored() throws Exception {
        Puppet one = stage.start().does("pipe 10 11", "pipe 20 21");
        Puppet other = one.fork();
        one.does("dup 11 1", "dup 20 0");
        other.does("dup 10 1", "dup 21 0");
        for (Puppet puppet : new Puppet[] {one, other}) {
            puppet.does("close 10", "close 11", "close 20", "close 21");
        }
        one.writes(1, "to the other");
        other.writes(0, "to the one");
        Play.of(stage, one, other).act(cast -> {
            cast[0].expect("O_WRONLY", "getfl 1").reads("to the one", 0, 100);
            cast[1].expect("O_WRONLY", "getfl 0").reads("to the other", 1, 100);
            cast[0].writes(1, "more");
            cast[1].reads("more", 1, 100).does("close 0");
            cast[0].reads("", 0, 1).does("close 1");
            cast[1].reads("", 1, 1);
        });
    }

    /** Known as pipe01. */
    @Test
    void fullPipeWithDuplicatedAndReopenedEndsIsRestored() throws Exception {
        String full = text(DEFAULT_CAPACITY);
        Puppet puppet = stage.start().does("pipe 3 4", "setfl 4 O_NONBLOCK").writes(4, full);
        puppet.does("dup 4 5", "reopen 4 O_WRONLY 6", "reopen 3 O_NONBLOCK 7", "dup 3 8");
        Play.of(stage, puppet).act(cast -> {
            Puppet it = cast[0];
            it.expect("O_WRONLY|O_NONBLOCK", "getfl 4").expect("O_WRONLY|O_NONBLOCK", "getfl 5");
            it.expect("O_WRONLY|O_LARGEFILE", "getfl 6").expect("O_NONBLOCK|O_LARGEFILE", "getfl 7");
            it.expect("0", "getfl 3").expect("0", "getfl 8");
            it.writes("EAGAIN", 4, "x").writes("EAGAIN", 5, "x").expect("0", "poll 6 POLLOUT");
            it.does("setfl 5 0").expect("O_WRONLY", "getfl 4").expect("O_WRONLY|O_LARGEFILE", "getfl 6");
            it.reads(full.substring(0, PAGE), 8, PAGE).expect("POLLOUT", "poll 6 POLLOUT").writes(6, text(PAGE));
            it.reads(full.substring(PAGE), 7, full.length() - PAGE).reads(text(PAGE), 3, PAGE + 1)
                    .reads("EAGAIN", 7, 1);
            it.does("close 4", "close 6").reads("EAGAIN", 7, 1).does("close 5");
            it.reads("", 7, 1).reads("", 3, 1).expect("POLLHUP", "poll 8 POLLIN");
        });
    }

    /** Known as pipe02. */
    @Test
    void reopenedReadEndKeepsItsOwnNonBlockingFlag() throws Exception {
        Puppet reader = stage.start().does("pipe 3 4", "reopen 3 O_NONBLOCK 5");
        Puppet writer = reader.fork();
        Play.of(stage, reader, writer).act(cast -> {
            cast[0].reads("EAGAIN", 5, 1).tell("read 3 10");
            cast[1].writes(4, "late");
            cast[0].hasRead("late");
        });
    }

    /** Known as pipe03. */
    @ParameterizedTest
    @ValueSource(ints = {PAGE, 2 * PAGE, 2 * DEFAULT_CAPACITY, 16 * DEFAULT_CAPACITY})
    void capacitiesOfFullAndEmptyPipesAreRestored(int capacity) throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "pipe 5 6");
        puppet.does("setpipe 4 " + capacity, "setpipe 6 " + capacity, "setfl 4 O_NONBLOCK", "setfl 6 O_NONBLOCK");
        puppet.writes(4, text(capacity));
        Play.of(stage, puppet).act(cast -> {
            cast[0].expect("" + capacity, "getpipe 3").expect("" + capacity, "getpipe 5");
            cast[0].writes("EAGAIN", 4, "x").reads(text(capacity), 3, capacity + 1);
            cast[0].writes("" + capacity, 6, text(capacity) + "x").reads(text(capacity), 5, capacity + 1);
        });
    }

    @Test
    void lastSlotOfFullPipeTakesAsMuchAsBefore() throws Exception {
        String queued = text(DEFAULT_CAPACITY - 100);
        Puppet puppet = stage.start().does("pipe 3 4", "setfl 4 O_NONBLOCK").writes(4, queued);
        Play.of(stage, puppet).act(cast -> {
            cast[0].writes("EAGAIN", 4, text(101)).writes(4, text(99)).writes("1", 4, "x").writes("EAGAIN", 4, "x");
            cast[0].reads(queued + text(99) + "x", 3, DEFAULT_CAPACITY);
        });
    }

    @Test
    void partlyReadFirstSlotStaysOneSlot() throws Exception {
        String queued = text(DEFAULT_CAPACITY);
        Puppet puppet = stage.start().does("pipe 3 4", "setfl 4 O_NONBLOCK").writes(4, queued);
        puppet.reads(queued.substring(0, 100), 3, 100);
        Play.of(stage, puppet).act(cast -> {
            cast[0].writes("EAGAIN", 4, "x").expect("0", "poll 4 POLLOUT");
            cast[0].reads(queued.substring(100, PAGE), 3, PAGE - 100).writes(4, text(PAGE)).writes("EAGAIN", 4, "x");
        });
    }

    /** CRIU loses what is in a pipe of which only the write end is open. */
    @Test
    void writeEndAloneWithQueuedBytesIsRestored() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "setpipe 4 8192").writes(4, "nobody has read this")
                .does("close 3");
        Play.of(stage, puppet).act(cast -> {
            cast[0].does("catch SIGPIPE").writes("EPIPE", 4, "x").expect("POLLOUT|POLLERR", "poll 4 POLLOUT");
            cast[0].does("reopen 4 0 5").reads("nobody has read this", 5, 100).writes(4, "x")
                    .expect("8192", "getpipe 4");
        });
    }

    @Test
    void ownerAndModeOfPipeAreRestored() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "chmod 3 0642");
        boolean root = puppet.ask("inode 3").startsWith("0642 0 ");
        if (root) {
            puppet.does("chown 3 1234 5678");
        }
        String inode = puppet.ask("inode 4");
        Play.of(stage, puppet).act(cast -> cast[0].expect(inode, "inode 3").expect(inode, "inode 4"));
    }

    @Test
    void bothEndsAtSeveralFdsAreRestored() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "dup 3 7", "dup 4 9", "dup 4 100").writes(9, "self");
        Play.of(stage, puppet).act(cast -> {
            Puppet it = cast[0];
            it.does("close 3", "close 4").reads("se", 7, 2).writes(100, "!").reads("lf!", 7, 10);
            it.does("setfl 9 O_NONBLOCK").expect("O_WRONLY|O_NONBLOCK", "getfl 100").expect("0", "getfl 7");
            it.does("close 9", "setfl 7 O_NONBLOCK").reads("EAGAIN", 7, 1).does("close 100").reads("", 7, 1);
            it.expect("EBADF", "close 3").expect("EBADF", "close 9");
        });
    }
}
