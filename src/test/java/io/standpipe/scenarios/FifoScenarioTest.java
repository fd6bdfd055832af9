// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FIFOs: ends, modes and data, names that are gone. */
class FifoScenarioTest extends ScenarioTest {

    private String fifo;
    private Puppet puppet;

    @BeforeEach
    void makeAFifo() throws IOException {
        fifo = folder.resolve("fifo").toString();
        puppet = stage.start().does("mkfifo " + fifo + " 0640");
    }

    private Play play(Puppet... cast) {
        return Play.of(stage, cast).restoring(restore -> restore.fifosBelow(folder));
    }

    /** Known as fifo. */
    @Test
    void readWriteFifoKeepsDataAndMode() throws Exception {
        puppet.does("open " + fifo + " O_RDWR 3").writes(3, "queued");
        String inode = puppet.ask("inode 3");
        play(puppet).act(cast -> {
            cast[0].expect("O_RDWR|O_LARGEFILE", "getfl 3").expect(inode, "inode 3")
                    .expect("POLLIN|POLLOUT", "poll 3 POLLIN|POLLOUT");
            cast[0].reads("queued", 3, 100).writes(3, "self").reads("self", 3, 100)
                    .expect("POLLOUT", "poll 3 POLLIN|POLLOUT");
        });
    }

    @Test
    void recreatedFifoHasSavedMode() throws Exception {
        puppet.does("open " + fifo + " O_RDWR 3").writes(3, "queued");
        String inode = puppet.ask("inode 3");
        Play.of(stage, puppet).restoring(restore -> restore.fifosBelow(folder).creatingFifos()).act(cast -> {
            cast[0].expect(inode, "inode 3").does("open " + fifo + " O_NONBLOCK 5").reads("queued", 5, 100);
            cast[0].does("unlink " + fifo);
        });
    }

    /** Known as fifo_ro. */
    @Test
    void readerOfFifoWithoutWriterGetsData() throws Exception {
        Puppet writer = puppet.fork();
        puppet.does("open " + fifo + " O_NONBLOCK 3");
        writer.does("open " + fifo + " O_WRONLY 3").writes(3, "left behind");
        stage.kill(writer);
        play(puppet).act(cast -> {
            cast[0].expect("O_NONBLOCK|O_LARGEFILE", "getfl 3").expect("POLLIN|POLLHUP", "poll 3 POLLIN");
            cast[0].reads("left behind", 3, 100).reads("", 3, 1).expect("POLLHUP", "poll 3 POLLIN");
            cast[0].does("open " + fifo + " O_WRONLY 4").reads("EAGAIN", 3, 1).expect("0", "poll 3 POLLIN");
            cast[0].writes(4, "new").reads("new", 3, 100);
        });
    }

    /** CRIU's restored reader is told of a hang-up that there never was. */
    @Test
    void readerThatNeverHadAWriterSeesNoHangUp() throws Exception {
        puppet.does("open " + fifo + " O_NONBLOCK 3");
        play(puppet).act(cast -> {
            cast[0].expect("0", "poll 3 POLLIN").reads("", 3, 1).expect("0", "poll 3 POLLIN");
            cast[0].does("open " + fifo + " O_WRONLY 4", "close 4").expect("POLLHUP", "poll 3 POLLIN");
        });
    }

    /** Known as fifo_wronly. */
    @Test
    void writeEndOfFifoAloneWithQueuedBytes() throws Exception {
        puppet.does("open " + fifo + " O_RDWR 3", "open " + fifo + " O_WRONLY 4").writes(4, "nobody has read this");
        puppet.does("close 3", "dup 4 5", "setfl 5 O_APPEND");
        play(puppet).act(cast -> {
            cast[0].expect("O_WRONLY|O_APPEND|O_LARGEFILE", "getfl 4").does("catch SIGPIPE").writes("EPIPE", 4, "x");
            cast[0].does("open " + fifo + " O_NONBLOCK 3").reads("nobody has read this", 3, 100).writes(5, "more");
            cast[0].reads("more", 3, 100).does("close 4", "close 5").reads("", 3, 1);
        });
    }

    /** Known as fifo-ghost. */
    @Test
    void unlinkedFifoWithDataBecomesAnonymousPipe() throws Exception {
        puppet.does("open " + fifo + " O_RDWR 3", "open " + fifo + " O_NONBLOCK 4").writes(3, "ghost")
                .does("unlink " + fifo);
        play(puppet).telling(": an anonymous pipe instead of FIFO " + fifo + ", which had been unlinked")
                .act(this::haunts);
    }

    @Test
    void unlinkedFifoWithDataIsRecreatedAndUnlinked() throws Exception {
        puppet.does("open " + fifo + " O_RDWR 3", "open " + fifo + " O_NONBLOCK 4").writes(3, "ghost")
                .does("unlink " + fifo);
        play(puppet).restoring(restore -> restore.fifosBelow(folder).recreatingUnlinkedFifos()).act(this::haunts);
    }

    private void haunts(Puppet[] cast) throws IOException {
        cast[0].expect("ENOENT", "open " + fifo + " O_RDWR 9").expect("O_NONBLOCK|O_LARGEFILE", "getfl 4");
        cast[0].reads("ghost", 4, 100).reads("EAGAIN", 4, 1).writes(3, "boo").reads("boo", 3, 100);
        cast[0].does("close 3").reads("", 4, 1);
    }

    /** Known as unlink_fifo. */
    @Test
    void emptyUnlinkedFifoWorks() throws Exception {
        puppet.does("open " + fifo + " O_RDWR 3", "unlink " + fifo);
        String inode = puppet.ask("inode 3");
        play(puppet).restoring(restore -> restore.fifosBelow(folder).recreatingUnlinkedFifos()).act(cast -> {
            cast[0].expect(inode, "inode 3").writes(3, "x").reads("x", 3, 10).expect("ENOENT", "unlink " + fifo);
        });
    }

    /** Known as unlink_fifo_wronly. */
    @Test
    void writeEndOfUnlinkedFifoAlone() throws Exception {
        puppet.does("open " + fifo + " O_RDWR 3", "open " + fifo + " O_WRONLY 4", "close 3", "unlink " + fifo);
        play(puppet).restoring(restore -> restore.fifosBelow(folder).recreatingUnlinkedFifos()).act(cast -> {
            cast[0].does("catch SIGPIPE").writes("EPIPE", 4, "x").expect("ENOENT", "unlink " + fifo);
            cast[0].does("reopen 4 O_NONBLOCK 5").writes(4, "x").reads("x", 5, 10);
        });
    }

    /** Known as fifo_dyn. */
    @Test
    void echoThroughTwoReopenedFifos() throws Exception {
        String back = folder.resolve("back").toString();
        puppet.does("mkfifo " + back + " 0600", "open " + fifo + " O_RDWR 3", "open " + back + " O_RDWR 4");
        Puppet echo = puppet.fork();
        puppet.writes(3, "there");
        echo.writes(4, "and back");
        play(puppet, echo).act(cast -> {
            cast[1].reads("there", 3, 100).writes(4, ", there");
            cast[0].reads("and back, there", 4, 100).does("close 3", "open " + fifo + " O_WRONLY 3").writes(3, "again");
            cast[1].reads("again", 3, 100).does("close 4", "open " + back + " O_WRONLY 7").writes(7, "again");
            cast[0].reads("again", 4, 100);
        });
    }

    /** Known as fifo in the tests of user-cr. */
    @Test
    void fifoOpenInThreeAccessModes() throws Exception {
        puppet.does("open " + fifo + " O_NONBLOCK 3", "open " + fifo + " O_WRONLY 4",
                "open " + fifo + " O_RDWR|O_NONBLOCK 5");
        puppet.writes(4, "one ").writes(5, "FIFO");
        play(puppet).act(cast -> {
            cast[0].expect("O_NONBLOCK|O_LARGEFILE", "getfl 3").expect("O_WRONLY|O_LARGEFILE", "getfl 4");
            cast[0].expect("O_RDWR|O_NONBLOCK|O_LARGEFILE", "getfl 5").reads("one ", 3, 4).reads("FIFO", 5, 10);
            cast[0].does("close 4").reads("EAGAIN", 3, 1).does("close 5").reads("", 3, 1);
        });
    }
}
