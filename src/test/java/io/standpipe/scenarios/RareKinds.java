// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static io.standpipe.scenarios.ScenarioTest.PAGE;
import static io.standpipe.scenarios.ScenarioTest.text;

import java.nio.file.Path;
import java.util.List;

/** Kinds of pipes and FIFOs that few programs have. */
final class RareKinds {

    private static final int USER = 1234;
    private static final int MANY = 100;

    private RareKinds() {}

    /** @param directory where the FIFOs are made; each kind has another name in it */
    static List<Kind> in(Path directory) {
        Path fifo = directory.resolve("rare");
        return List.of(
                Kind.of("fds of high numbers", puppet -> puppet.does("pipe 1022 1023").writes(1023, text(300))),
                Kind.of("many pipes", puppet -> {
                    for (int i = 0; i < MANY; i++) {
                        puppet.does("pipe " + (600 + 2 * i) + " " + (601 + 2 * i)).writes(601 + 2 * i, text(20 * i + 1));
                    }
                }, cast -> {
                    for (int i = 0; i < MANY; i++) {
                        cast[0].reads(text(20 * i + 1), 600 + 2 * i, 5000).does("close " + (600 + 2 * i), "close " + (601 + 2 * i));
                    }
                }),
                new Kind("signal for a process group", root -> {
                    root.does("pipe 3 4", "catch SIGIO");
                    Puppet child = root.fork().does("close 3", "close 4", "setpgid 0 0");
                    root.does("setown 3 F_OWNER_PGRP " + child.pid(), "setfl 3 O_ASYNC");
                    return new Puppet[] {root, child};
                }, cast -> {
                    cast[0].writes(4, "x").expect("", "signals");
                    cast[1].expect("29", "signals");
                }),
                new Kind("signal for a process that has ended", root -> {
                    root.does("pipe 3 4");
                    Puppet child = root.fork();
                    root.does("setown 3 F_OWNER_PID " + child.pid(), "setfl 3 O_ASYNC");
                    child.ask("exit");
                    root.stage().kill(child);
                    return new Puppet[] {root};
                }, cast -> cast[0].does("catch SIGIO").writes(4, "x").expect("", "signals")),
                new Kind("signal by a user who may not send it", root -> {
                    root.does("pipe 3 4", "catch SIGIO", "setownas " + USER + " 3 F_OWNER_PID " + root.pid(), "setfl 3 O_ASYNC");
                    return new Puppet[] {root};
                }, cast -> cast[0].writes(4, "x").ask("signals")),
                Kind.of("processes with one table of fds", puppet -> puppet.does("pipe 3 4", "share").writes(4, text(300))),
                Kind.of("both ends in a socket's queue", puppet ->
                        puppet.does("pipe 3 4", "sockets 20 21", "pass 20 3", "pass 20 4").writes(4, text(PAGE)).does("close 3", "close 4"),
                        cast -> cast[0].does("take 21 3", "take 21 4")),
                Kind.of("thread that waits in open of a FIFO", puppet ->
                        puppet.does("mkfifo " + fifo + ".open 0600", "wait open " + fifo + ".open"),
                        cast -> cast[0].does("open " + fifo + ".open O_RDWR 10").expect("3", "waited")),
                Kind.of("FIFO that was renamed, with data", puppet ->
                        puppet.does("mkfifo " + fifo + ".old 0600", "open " + fifo + ".old O_RDWR 3").writes(3, text(300))
                                .does("rename " + fifo + ".old " + fifo + ".new")),
                new Kind("FIFO that two processes have opened", root -> {
                    root.does("mkfifo " + fifo + ".two 0600", "open " + fifo + ".two O_RDWR 3");
                    Puppet child = root.fork().does("close 3", "open " + fifo + ".two O_NONBLOCK 5");
                    root.does("open " + fifo + ".two O_WRONLY 4", "close 3").writes(4, text(6000));
                    return new Puppet[] {root, child};
                }, cast -> cast[1].reads(text(1000), 5, 1000)));
    }
}
