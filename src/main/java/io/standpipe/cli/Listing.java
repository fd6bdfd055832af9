// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.AccessMode;
import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.internal.proc.LiveSocket;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code standpipe list} shows in one of its forms. */
record Listing(List<LivePipe> pipes, List<LiveSocket> sockets, List<LivePipes.Unseen> unseen) {

    /** Returns the word for the end of a pipe that a holder has. */
    static String end(LivePipe.Holder holder) {
        return holder.accessMode() == AccessMode.READ_WRITE ? "both" : holder.isReader() ? "read" : "write";
    }

    /** Returns what is stuck. */
    Listing stuck() {
        return new Listing(
                pipes.stream().filter(LivePipe::isStuck).toList(), sockets.stream().filter(LiveSocket::isStuck).toList(), unseen);
    }

    boolean isEmpty() {
        return pipes.isEmpty() && sockets.isEmpty();
    }

    /** Returns what is on a way; nothing if there is none. */
    Listing on(@Nullable PipeChain chain) {
        List<PipeChain.Link> links = chain == null ? List.of() : chain.allLinks();
        return new Listing(
                links.stream().map(PipeChain.Link::pipe).filter(Objects::nonNull).distinct().toList(),
                links.stream().map(PipeChain.Link::socket).filter(Objects::nonNull).distinct().toList(), unseen);
    }
}
