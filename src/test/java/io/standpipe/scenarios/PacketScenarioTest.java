// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.testkit.Await;
import org.junit.jupiter.api.Test;

/** Packets, and buffers that are not full. */
class PacketScenarioTest extends ScenarioTest {

    @Test
    void packetsAndPacketModeAreRestored() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "setfl 4 O_DIRECT").writes(4, "three").writes(4, "packets")
                .writes(4, "");
        puppet.writes(4, "here");
        Play.of(stage, puppet).act(cast -> {
            cast[0].expect("O_WRONLY|O_DIRECT", "getfl 4").reads("three", 3, 100).reads("pac", 3, 3)
                    .reads("here", 3, 100);
            cast[0].writes(4, "a").writes(4, "b").reads("a", 3, 100).reads("b", 3, 100);
        });
    }

    /** The boundaries stay where they were when the flag that made them is gone; CRIU merges these. */
    @Test
    void packetsAreRestoredAfterTheFlagWasCleared() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "setfl 4 O_DIRECT");
        puppet.writes(4, text(10)).writes(4, text(20)).writes(4, text(30)).does("setfl 4 0");
        Play.of(stage, puppet).act(cast -> {
            cast[0].expect("O_WRONLY", "getfl 4").reads(text(10), 3, 100).writes(4, "stream").writes(4, " again");
            cast[0].reads(text(20), 3, 100).reads(text(30), 3, 100).reads("stream again", 3, 100);
        });
    }

    @Test
    void pipeFullOfOneBytePacketsIsRestored() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "setfl 4 O_DIRECT|O_NONBLOCK");
        for (int i = 0; i < 16; i++) {
            puppet.writes(4, Integer.toHexString(i));
        }
        Play.of(stage, puppet).act(cast -> {
            cast[0].writes("EAGAIN", 4, "x").expect("0", "poll 4 POLLOUT").expect("16", "queued 3");
            for (int i = 0; i < 16; i++) {
                cast[0].reads(Integer.toHexString(i), 3, 100).writes(4, "x");
            }
        });
    }

    @Test
    void pipeFullOfOneByteSlotsIsRestored() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4", "setfl 4 O_NONBLOCK", "pipe 5 6").writes(6, "y");
        for (int i = 0; i < 16; i++) {
            puppet.expect("1", "tee 5 4 1");
        }
        puppet.does("close 5", "close 6");
        Play.of(stage, puppet).act(cast -> {
            cast[0].writes("EAGAIN", 4, "x").expect("0", "poll 4 POLLOUT");
            cast[0].reads("y", 3, 1).writes(4, "x").writes(4, "z").reads("y".repeat(15) + "xz", 3, 100);
        });
    }

    /** It had written two packets of its three when it was killed. */
    @Test
    void partOfKilledWritersWriteIsRestored() throws Exception {
        Puppet reader = stage.start().does("pipe 3 4", "setpipe 4 8192", "setfl 4 O_DIRECT");
        Puppet writer = reader.fork();
        reader.does("close 4");
        writer.does("close 3").tell("write 4 " + "61".repeat(2 * PAGE) + "62".repeat(100));
        Await.until("two packets are queued", () -> reader.ask("queued 3").equals("8192"));
        stage.kill(writer);
        Play.of(stage, reader).act(cast -> {
            cast[0].expect("POLLIN|POLLHUP", "poll 3 POLLIN").reads("a".repeat(PAGE), 3, 3 * PAGE);
            cast[0].reads("aa", 3, 2).reads("", 3, 100).expect("POLLHUP", "poll 3 POLLIN");
        });
    }
}
