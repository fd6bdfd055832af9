// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static io.standpipe.scenarios.ScenarioTest.PAGE;
import static io.standpipe.scenarios.ScenarioTest.text;

import java.io.IOException;
import java.util.List;

/** Kinds of pipes that one process has. */
final class PipeKinds {

    private static final int MEBIBYTE = 1 << 20;
    private static final int SLOTS = 16;

    private PipeKinds() {}

    static List<Kind> all() {
        return List.of(
                Kind.of("full pipe", full(SLOTS * PAGE)),
                Kind.of("full pipe of 4 KiB", full(PAGE)),
                Kind.of("full pipe of 1 MiB", full(MEBIBYTE)),
                Kind.of("empty pipe of another capacity", puppet -> puppet.does("pipe 3 4", "setpipe 3 8192")),
                Kind.of("last slot with room", puppet ->
                        puppet.does("pipe 3 4").writes(4, text(5000)).writes(4, text(20))),
                Kind.of("first slot partly read", puppet ->
                        puppet.does("pipe 3 4").writes(4, text(6000)).reads(text(1000), 3, 1000)),
                Kind.of("packets", PipeKinds::writePackets, cast -> cast[0].reads("a".repeat(10), 3, 100)),
                Kind.of("packets, and then no packet mode", puppet -> {
                    writePackets(puppet);
                    puppet.does("setfl 4 0");
                }, cast -> cast[0].reads("a".repeat(10), 3, 100)),
                Kind.of("full of packets of one byte", puppet -> {
                    puppet.does("pipe 3 4", "setfl 4 O_DIRECT");
                    for (int i = 0; i < SLOTS; i++) {
                        puppet.writes(4, Integer.toHexString(i));
                    }
                }),
                Kind.of("full of slots of one byte", PipeKinds::fillWithSlotsOfOneByte, cast ->
                        cast[0].does("setfl 4 O_NONBLOCK").writes("EAGAIN", 4, "x").reads("y", 3, 1).writes(4, "x")),
                Kind.of("write end alone, with data", puppet ->
                        puppet.does("pipe 3 4", "setpipe 4 8192").writes(4, text(5000)).does("close 3"),
                        cast -> cast[0].does("reopen 4 0 3")),
                Kind.of("read end alone, with data", puppet ->
                        puppet.does("pipe 3 4").writes(4, text(5000)).does("close 4")),
                Kind.of("end opened several times", puppet ->
                        puppet.does("pipe 3 4", "reopen 3 O_NONBLOCK 5", "reopen 3 0 6", "reopen 4 O_WRONLY|O_NONBLOCK 7",
                                "reopen 4 O_RDWR 8").writes(4, text(300))),
                Kind.of("duplicated fds", puppet ->
                        puppet.does("pipe 3 4", "dup 3 10", "dup 4 11").writes(11, "abc"),
                        cast -> cast[0].does("setfl 3 O_NONBLOCK").expect("O_NONBLOCK", "getfl 10")),
                Kind.of("owner and mode", puppet ->
                        puppet.does("pipe 3 4", "chown 3 1234 4321", "chmod 3 0640").writes(4, "abc")),
                Kind.of("non-blocking end", puppet -> puppet.does("pipe 3 4", "setfl 3 O_NONBLOCK").writes(4, "abc")),
                Kind.of("close on exec", puppet -> puppet.does("pipe 3 4", "setfd 4 FD_CLOEXEC").writes(4, "abc")),
                Kind.of("standard input and output", puppet -> puppet.does("pipe 0 1").writes(1, "abc")),
                Kind.of("signal with fd and event", puppet ->
                        puppet.does("pipe 33 34", "catch SIGUSR1", "setown 33 F_OWNER_PID " + puppet.pid(), "setsig 33 SIGUSR1",
                                "setfl 33 O_ASYNC"),
                        cast -> cast[0].writes(34, "x").expect("10:33:POLLIN", "signals")),
                Kind.of("SIGIO for a thread", puppet ->
                        puppet.does("pipe 3 4", "catch SIGIO", "setown 3 F_OWNER_TID " + puppet.pid(), "setfl 3 O_ASYNC|O_NONBLOCK"),
                        cast -> cast[0].writes(4, "x").expect("29", "signals")),
                Kind.of("thread that waits for bytes", puppet -> puppet.does("pipe 3 4", "wait read 3 100"),
                        cast -> cast[0].writes(4, "late").expect("4 6c617465", "waited")),
                Kind.of("thread that waits for room", puppet ->
                        puppet.does("pipe 3 4", "setpipe 4 4096").writes(4, text(PAGE)).does("wait write 4 5000"),
                        cast -> cast[0].reads(text(PAGE), 3, PAGE).reads("\0".repeat(PAGE), 3, PAGE).expect("5000", "waited")),
                Kind.of("epoll set", puppet ->
                        puppet.does("pipe 3 4", "epoll 20", "watch 20 3 POLLIN", "watch 20 4 POLLOUT").writes(4, "abc"),
                        cast -> cast[0].expect("3:POLLIN 4:POLLOUT", "events 20").reads("abc", 3, 100).expect("4:POLLOUT", "events 20")),
                Kind.of("end in a socket's queue", puppet ->
                        puppet.does("pipe 3 4", "sockets 20 21", "pass 20 3", "close 3").writes(4, "abc"),
                        cast -> cast[0].does("take 21 3").reads("a", 3, 1)));
    }

    private static Kind.Alone full(int capacity) {
        return puppet ->
                puppet.does("pipe 3 4", "setpipe 4 " + capacity).expect(capacity / PAGE + " EAGAIN", "writes 4 " + PAGE);
    }

    private static void writePackets(Puppet puppet) throws IOException {
        puppet.does("pipe 3 4", "setfl 4 O_DIRECT").writes(4, "a".repeat(10)).writes(4, "b".repeat(20)).writes(4, "c".repeat(30));
    }

    private static void fillWithSlotsOfOneByte(Puppet puppet) throws IOException {
        puppet.does("pipe 3 4", "pipe 5 6").writes(6, "y");
        for (int i = 0; i < SLOTS; i++) {
            puppet.expect("1", "tee 5 4 1");
        }
        puppet.does("close 5", "close 6");
    }
}
