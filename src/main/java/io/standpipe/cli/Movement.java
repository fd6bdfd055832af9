// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.LiveSocket;
import io.standpipe.internal.proc.ProcessIo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has moved between two rounds of {@code list --watch}: in each pipe and socket, and in the files of each process. */
final class Movement {

    private record PipeKey(long dev, long ino) {}

    /** In place of the device number of sockets. */
    private static final long SOCKETS = -1;

    private final Map<PipeKey, Integer> queuedBytes = new HashMap<>();
    private final Map<Long, ProcessIo> counts = new HashMap<>();
    private final @Nullable Movement before;

    private Movement(@Nullable Movement before) {
        this.before = before;
    }

    /** Returns that of a first round, or of one alone: nothing is known to have moved. */
    static Movement unknown() {
        return new Movement(null);
    }

    /** Measures a round, to be compared with this one. */
    Movement next(Listing listing) {
        Movement next = new Movement(new Movement(null).with(this));
        for (LivePipe pipe : listing.pipes()) {
            next.queuedBytes.put(new PipeKey(pipe.dev(), pipe.ino()), pipe.queuedBytes().orElse(-1));
            pipe.holders().forEach(holder -> next.count(holder.process()));
        }
        for (LiveSocket socket : listing.sockets()) {
            for (LiveSocket.End end : socket.ends()) {
                next.queuedBytes.put(new PipeKey(SOCKETS, end.ino()), end.queuedBytes());
                end.holders().forEach(holder -> next.count(holder.process()));
            }
        }
        return next;
    }

    /** Keeps one round back, and no more. */
    private Movement with(Movement round) {
        queuedBytes.putAll(round.queuedBytes);
        counts.putAll(round.counts);
        return this;
    }

    private void count(LiveProcess process) {
        if (!counts.containsKey(process.pid())) {
            ProcessIo now = ProcessIo.of((int) process.pid());
            if (now != null) {
                counts.put(process.pid(), now);
            }
        }
    }

    /** Returns by how much the bytes in a pipe have become more; null if that is unknown. */
    @Nullable Integer of(LivePipe pipe) {
        return change(new PipeKey(pipe.dev(), pipe.ino()));
    }

    /** Returns by how much the bytes that wait at a socket have become more; null if that is unknown. */
    @Nullable Integer of(LiveSocket.End end) {
        return change(new PipeKey(SOCKETS, end.ino()));
    }

    private @Nullable Integer change(PipeKey key) {
        Integer now = queuedBytes.get(key);
        Integer then = before == null ? null : before.queuedBytes.get(key);
        return now == null || then == null || now < 0 || then < 0 ? null : Integer.valueOf(now - then);
    }

    /** Returns how many bytes a process has read and written since, of all its files; null if that is unknown. */
    @Nullable ProcessIo of(LiveProcess process) {
        ProcessIo now = counts.get(process.pid());
        ProcessIo then = before == null ? null : before.counts.get(process.pid());
        return now == null || then == null ? null : now.since(then);
    }
}
