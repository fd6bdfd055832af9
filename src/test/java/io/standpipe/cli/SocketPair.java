// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.internal.proc.LiveSocket;
import io.standpipe.internal.proc.LiveSocketScan;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.CCode;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Two processes that are joined by a socket pair: fd 9 of a parent that does not read, and fd 1 of its child. */
final class SocketPair implements AutoCloseable {

    private static final String PROGRAM = """
            #define _GNU_SOURCE
            #include <poll.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/epoll.h>
            #include <sys/socket.h>
            #include <sys/uio.h>
            #include <unistd.h>
            static char bytes[1 << 16];
            static void fill(void) {
                while (send(1, bytes, 1000, MSG_DONTWAIT) > 0) {}
            }
            int main(int argc, char **argv) {
                int pair[2];
                socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
                pid_t child = fork();
                if (child != 0) {
                    printf("%d\\n", child);
                    fflush(stdout);
                    if (strcmp(argv[1], "closed") != 0)
                        dup2(pair[0], 9);
                    close(pair[0]);
                    close(pair[1]);
                    for (;;) pause();
                }
                dup2(pair[1], 1);
                close(pair[0]);
                close(pair[1]);
                struct iovec iov = {bytes, sizeof bytes};
                struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
                struct mmsghdr messages = {message};
                struct pollfd room = {1, POLLOUT}, input = {1, POLLIN};
                struct epoll_event event = {EPOLLOUT};
                int epoll = epoll_create1(0);
            #define ON(name, call) if (strcmp(argv[1], name) == 0) call
                ON("write", for (;;) write(1, bytes, 1000));
                ON("writev", for (;;) writev(1, &iov, 1));
                ON("send", for (;;) send(1, bytes, 1000, 0));
                ON("sendmsg", for (;;) sendmsg(1, &message, 0));
                ON("sendmmsg", for (;;) sendmmsg(1, &messages, 1, 0));
                ON("poll", for (fill();;) poll(&room, 1, -1));
                ON("epoll", for (fill(), epoll_ctl(epoll, EPOLL_CTL_ADD, 1, &event);;) epoll_wait(epoll, &event, 1, -1));
                ON("recv", recv(1, bytes, 1, 0));
                ON("recvmsg", recvmsg(1, &message, 0));
                ON("recvmmsg", recvmmsg(1, &messages, 1, 0, 0));
                ON("read", read(1, bytes, 1));
                ON("poll for bytes", poll(&input, 1, -1));
                ON("seven bytes", write(1, bytes, 7));
                for (;;) pause();
            }
            """;

    private final TestProcess parent;
    private final int child;

    private SocketPair(TestProcess parent, int child) {
        this.parent = parent;
        this.child = child;
    }

    /** @param does the call in which the child is to wait, or what else it is to do before it pauses */
    static SocketPair start(Path directory, String does) throws IOException, InterruptedException {
        TestProcess parent = TestProcess.of(List.of(CCode.program(directory, PROGRAM).toString(), does));
        return new SocketPair(parent, Integer.parseInt(parent.readLine()));
    }

    int parent() {
        return parent.pid();
    }

    int child() {
        return child;
    }

    /** Returns the pair, the child's end first. */
    LiveSocket look() throws IOException {
        List<LiveSocket> sockets = LiveSocketScan.of(List.of(child));
        if (sockets.size() != 1) {
            throw new IOException("the sockets are " + sockets);
        }
        return sockets.get(0);
    }

    /** Waits until the child waits for room, and nothing moves. */
    SocketPair awaitStuck() {
        Await.until("the child waits for room", () -> look().isStuck());
        return this;
    }

    @Override
    public void close() throws IOException {
        parent.close();
    }
}
