// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pipes and descriptions that several processes share. */
class SharingScenarioTest extends ScenarioTest {

    private static final int SIGPIPE = 13;

    /** Known as pipe_shared00. */
    @Test
    void oneWriterWithManyReadersIsRestored() throws Exception {
        Puppet writer = stage.start().does("pipe 3 4").writes(4, "abcdefgh");
        List<Puppet> all = new ArrayList<>(List.of(writer));
        for (int i = 0; i < 4; i++) {
            all.add(writer.fork().does("close 4"));
        }
        writer.does("close 3");
        Play.of(stage, all.toArray(new Puppet[0])).act(cast -> {
            for (int i = 1; i <= 4; i++) {
                cast[i].reads("abcdefgh".substring(2 * i - 2, 2 * i), 3, 2);
            }
            cast[0].writes(4, "last");
            cast[3].reads("last", 3, 100);
            cast[0].does("close 4");
            for (int i = 1; i <= 4; i++) {
                cast[i].reads("", 3, 1);
            }
        });
    }

    /** Known as pipe_loop00. */
    @Test
    void ringOfProcessesPassesOnQueuedBytes() throws Exception {
        int size = 5;
        Puppet first = stage.start();
        for (int i = 0; i < size; i++) {
            first.does("pipe " + (10 + i) + " " + (20 + i));
        }
        Puppet[] ring = new Puppet[size];
        for (int i = size - 1; i >= 0; i--) {
            ring[i] = i == 0 ? first : first.fork();
        }
        for (int i = 0; i < size; i++) {
            ring[i].does("dup " + (10 + i) + " 3", "dup " + (20 + (i + 1) % size) + " 4");
            for (int j = 0; j < size; j++) {
                ring[i].does("close " + (10 + j), "close " + (20 + j));
            }
        }
        ring[0].writes(4, "token");
        ring[2].writes(4, "another");
        Play.of(stage, ring).act(cast -> {
            for (int i = 0; i < 2 * size; i++) {
                cast[(1 + i) % size].reads("token", 3, 5);
                cast[(3 + i) % size].reads("another", 3, 7);
                cast[(1 + i) % size].writes(4, "token");
                cast[(3 + i) % size].writes(4, "another");
            }
            stage.kill(cast[4]);
            cast[0].reads("", 3, 1);
        });
    }

    /** Known as pipes in the tests of user-cr. */
    @Test
    void readerAndWriterWithOneEndEachAreRestored() throws Exception {
        Puppet writer = stage.start().does("pipe 3 4");
        Puppet reader = writer.fork().does("close 4");
        writer.does("close 3");
        for (int i = 0; i < 10; i++) {
            writer.writes(4, number(i));
        }
        reader.reads(number(0), 3, Integer.BYTES);
        Play.of(stage, writer, reader).act(cast -> {
            cast[0].writes(4, number(10)).does("close 4");
            for (int i = 1; i <= 10; i++) {
                cast[1].reads(number(i), 3, Integer.BYTES);
            }
            cast[1].reads("", 3, Integer.BYTES);
        });
    }

    private static String number(int value) {
        return "" + (char) value + "\0\0\0";
    }

    @Test
    void threeProcessesShareTheFlagsOfOneDescription() throws Exception {
        Puppet one = stage.start().does("pipe 3 4", "reopen 3 0 5");
        Puppet two = one.fork();
        Puppet three = two.fork().does("dup 3 9", "close 3");
        Play.of(stage, one, two, three).act(cast -> {
            cast[0].expect("0", "getfl 3");
            cast[1].does("setfl 3 O_NONBLOCK");
            cast[0].expect("O_NONBLOCK", "getfl 3").reads("EAGAIN", 3, 1).expect("O_LARGEFILE", "getfl 5");
            cast[2].expect("O_NONBLOCK", "getfl 9").does("setfl 9 0", "setfl 5 O_NONBLOCK");
            cast[1].expect("0", "getfl 3").expect("O_NONBLOCK|O_LARGEFILE", "getfl 5");
            cast[0].expect("O_NONBLOCK|O_LARGEFILE", "getfl 5");
        });
    }

    @Test
    void readerRestoredAloneGetsQueuedBytesAndThenEnd() throws Exception {
        Puppet writer = stage.start().does("pipe 3 4").writes(4, "inherited");
        Puppet reader = writer.fork().does("close 4");
        Play.of(stage, writer, reader).keeping(reader).act(cast -> cast[0].reads("inherited", 3, 100).reads("", 3, 1));
    }

    @Test
    void writerWithoutRestoredReaderGetsSigpipe() throws Exception {
        Puppet writer = stage.start().does("pipe 3 4");
        Puppet reader = writer.fork();
        Puppet other = reader.fork();
        writer.does("close 3").writes(4, "unread");
        Play.of(stage, writer, reader, other).keeping(writer)
                .telling("; the 6 bytes in flight stay in the image: standpipe extract --pipe 2")
                .act(cast -> cast[0].diesWriting(SIGPIPE, 4));
    }

    @Test
    void readerReachesEndOnceRestoredWriterIsKilled() throws Exception {
        Puppet writer = stage.start().does("pipe 3 4");
        Puppet reader = writer.fork().does("close 4");
        Play.of(stage, writer, reader).act(cast -> {
            cast[1].tell("read 3 1");
            stage.kill(cast[0]);
            cast[1].hasRead("");
        });
    }
}
