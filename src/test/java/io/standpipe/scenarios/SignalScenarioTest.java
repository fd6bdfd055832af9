// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.Checkpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that descriptions send: numbers are those of Linux on x86-64. */
class SignalScenarioTest extends ScenarioTest {

    private static final String SIGUSR1 = "10";
    private static final String SIGURG = "23";
    private static final String SIGIO = "29";

    /** Known as fsetown1. */
    @ParameterizedTest
    @ValueSource(strings = {"F_OWNER_PID", "F_OWNER_TID"})
    void writeSendsSigio(String type) throws Exception {
        Puppet reader = stage.start().does("pipe 3 4");
        Puppet writer = reader.fork();
        reader.does("setown 3 " + type + " " + reader.pid(), "setfl 3 O_ASYNC|O_NONBLOCK", "close 4");
        Play.of(stage, reader, writer).act(cast -> {
            cast[0].does("catch SIGIO").expect("O_NONBLOCK|O_ASYNC", "getfl 3").expect("", "signals");
            cast[1].writes(4, "x");
            cast[0].expect(SIGIO, "signals").reads("x", 3, 10);
        });
    }

    /** Whoever catches it looks up the descriptor that the signal names. */
    @Test
    void chosenSignalCarriesFdAndEvent() throws Exception {
        Puppet both = stage.start().does("pipe 33 34");
        Puppet other = both.fork();
        both.does("setown 33 F_OWNER_PID " + both.pid(), "setsig 33 SIGUSR1", "setfl 33 O_ASYNC");
        both.does("setown 34 F_OWNER_PID " + both.pid(), "setsig 34 SIGURG", "setfl 34 O_ASYNC");
        Play.of(stage, both, other).act(cast -> {
            cast[0].does("catch SIGUSR1", "catch SIGURG");
            cast[1].writes(34, "x");
            cast[0].expect(SIGUSR1 + ":33:POLLIN", "signals");
            cast[1].reads("x", 33, 1);
            cast[0].expect(SIGURG + ":34:POLLOUT", "signals");
        });
    }

    @Test
    void chosenSignalCarriesFdAfterExec() throws Exception {
        Puppet puppet = stage.start().does("pipe 3 4");
        puppet.does("setown 3 F_OWNER_PID " + puppet.pid(), "setsig 3 SIGUSR1", "setfl 3 O_ASYNC");
        Path image = folder.resolve("app.ckpt");
        Checkpoint.ofProcess(puppet.pid()).writeTo(image);
        stage.become(image).does("catch SIGUSR1").writes(4, "x").expect(SIGUSR1 + ":3:POLLIN", "signals");
    }

    @Test
    void ownerMayBeAnotherProcessThanTheHolder() throws Exception {
        Puppet holder = stage.start().does("pipe 3 4");
        Puppet owner = holder.fork().does("close 3", "close 4");
        holder.does("setown 3 F_OWNER_PID " + owner.pid(), "setsig 3 SIGUSR1", "setfl 3 O_ASYNC");
        Play.of(stage, holder, owner).act(cast -> {
            cast[1].does("catch SIGUSR1");
            cast[0].writes(4, "x").expect("", "signals");
            cast[1].expect(SIGUSR1 + ":3:POLLIN", "signals");
        });
    }

    /** CRIU restores the flag before the owner, and nobody gets a signal. */
    @Test
    void fifoSendsItsSignal() throws Exception {
        String fifo = folder.resolve("fifo").toString();
        Puppet puppet = stage.start().does("mkfifo " + fifo + " 0600", "open " + fifo + " O_RDWR 3");
        puppet.does("setown 3 F_OWNER_PID " + puppet.pid(), "setsig 3 SIGUSR1", "setfl 3 O_ASYNC|O_NONBLOCK");
        Play.of(stage, puppet).restoring(restore -> restore.fifosBelow(folder)).act(cast -> {
            cast[0].does("catch SIGUSR1", "open " + fifo + " O_WRONLY 4").expect("", "signals").writes(4, "x");
            cast[0].expect(SIGUSR1 + ":3:POLLIN", "signals");
        });
    }
}
