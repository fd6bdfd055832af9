// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.internal.proc.FdKind;
import io.standpipe.internal.proc.LiveSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what the standard streams of a process are that has no pipes, or which are sockets that a list does not have. */
final class StandardStreams {

    private StandardStreams() {}

    /** Returns a message; null if there is nothing to say. */
    static @Nullable String message(int pid, Listing listing) {
        boolean hasNoPipe = listing.pipes().stream().noneMatch(pipe -> isOf(pipe, pid))
                && holders(listing).noneMatch(holder -> holder.pid() == pid);
        List<String> streams = new ArrayList<>();
        for (int fd = Subcommand.STANDARD_INPUT; fd <= Subcommand.STANDARD_ERROR; fd++) {
            try {
                String kind = FdKind.describe(pid, fd, FdKind.UNKNOWN_MODE);
                int stream = fd;
                boolean listed = holders(listing).anyMatch(holder -> holder.pid() == pid && holder.fd() == stream);
                if (!listed && (hasNoPipe || kind.endsWith("socket"))) {
                    streams.add("descriptor " + fd + " is " + kind);
                }
            } catch (IOException e) {
                // The process has no such descriptor, or has ended.
            }
        }
        return hasNoPipe || !streams.isEmpty()
                ? "process " + pid + (hasNoPipe ? " holds no pipe" : "") + (streams.isEmpty() ? "" : ": " + String.join(", ", streams))
                : null;
    }

    private static boolean isOf(LivePipe pipe, int pid) {
        return pipe.holders().stream().anyMatch(holder -> holder.pid() == pid)
                || pipe.openers().stream().anyMatch(opener -> opener.process().pid() == pid);
    }

    private static Stream<LiveSocket.Holder> holders(Listing listing) {
        return listing.sockets().stream().flatMap(socket -> socket.ends().stream()).flatMap(end -> end.holders().stream());
    }
}
