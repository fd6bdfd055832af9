// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static io.standpipe.scenarios.ScenarioTest.text;

import java.io.IOException;
import java.util.List;

/** Kinds of pipes that several processes share. */
final class SharingKinds {

    private static final int RING = 3;

    private SharingKinds() {}

    static List<Kind> all() {
        return List.of(
                new Kind("two processes with crossed fds", root -> {
                    root.does("pipe 3 4", "pipe 5 6");
                    Puppet child = root.fork().does("dup 3 10", "dup 6 3", "dup 10 6", "close 10", "close 4", "close 5");
                    root.does("close 3", "close 6").writes(4, "down");
                    child.writes(3, "up");
                    return new Puppet[] {root, child};
                }, cast -> {
                    cast[0].reads("up", 5, 100);
                    cast[1].reads("down", 6, 100);
                }),
                new Kind("description shared with the parent", root -> {
                    root.does("pipe 3 4", "setfl 3 O_NONBLOCK");
                    return new Puppet[] {root, root.fork()};
                }, cast -> {
                    cast[0].does("setfl 4 O_NONBLOCK");
                    cast[1].expect("O_WRONLY|O_NONBLOCK", "getfl 4");
                }),
                new Kind("ring of three processes", SharingKinds::ring, cast -> {
                    for (int i = 0; i < 2 * RING; i++) {
                        cast[(1 + i) % RING].reads("token", 3, 5).writes(4, "token");
                    }
                }),
                new Kind("one writer with three readers", root -> {
                    root.does("pipe 3 4").writes(4, text(6000));
                    Puppet[] cast = {root, root.fork(), root.fork(), root.fork()};
                    for (int i = 1; i < cast.length; i++) {
                        cast[i].does("close 4");
                    }
                    root.does("close 3");
                    return cast;
                }, cast -> cast[2].reads(text(1000), 3, 1000)),
                new Kind("SIGIO for another process", root -> {
                    root.does("pipe 3 4", "catch SIGIO");
                    Puppet child = root.fork().does("close 3", "close 4");
                    root.does("setown 3 F_OWNER_PID " + child.pid(), "setfl 3 O_ASYNC");
                    return new Puppet[] {root, child};
                }, cast -> {
                    cast[0].writes(4, "x").expect("", "signals");
                    cast[1].expect("29", "signals");
                }));
    }

    private static Puppet[] ring(Puppet root) throws IOException {
        for (int i = 0; i < RING; i++) {
            root.does("pipe " + (10 + i) + " " + (20 + i));
        }
        Puppet[] ring = {root, root.fork(), root.fork()};
        for (int i = 0; i < RING; i++) {
            ring[i].does("dup " + (10 + i) + " 3", "dup " + (20 + (i + 1) % RING) + " 4");
            for (int j = 0; j < RING; j++) {
                ring[i].does("close " + (10 + j), "close " + (20 + j));
            }
        }
        root.writes(4, "token");
        return ring;
    }
}
