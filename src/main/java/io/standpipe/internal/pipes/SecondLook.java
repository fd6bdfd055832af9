// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.pipes;

import io.standpipe.LiveActivity;
import io.standpipe.LiveActivity.Kind;
import io.standpipe.LivePipe;
import io.standpipe.internal.proc.ReadProgress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A second look at those who do not take from a full pipe. In a pipeline at full speed each process waits for the next one much of the
 * time: to wait elsewhere is no proof that a reader has ceased to read. One that reads something within a moment is at work.
 */
final class SecondLook {

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(32);
    private static final Set<String> SPLICING = Set.of("splice", "tee", "sendfile", "vmsplice");

    private SecondLook() {}

    /** Says of each reader of a full pipe that goes on reading that it runs. */
    static void at(Collection<FoundPipe> pipes) {
        Map<Long, ReadProgress> before = new HashMap<>();
        List<FoundPipe> doubtful = new ArrayList<>();
        for (FoundPipe pipe : pipes) {
            LivePipe live = pipe.mayBeStuck() ? pipe.asLive() : null;
            if (live == null || live.state() != LivePipe.State.FULL_AND_NOT_READ) {
                continue;
            }
            for (LivePipe.Holder reader : live.readers()) {
                if (reader.activity().kind() == Kind.WAITS_ELSEWHERE) {
                    before.computeIfAbsent(reader.pid(), pid -> ReadProgress.of((int) reader.pid(), (int) reader.activity().thread()));
                    doubtful.add(pipe);
                }
            }
        }
        for (long pause = FIRST_PAUSE_NANOS; pause <= MOST_NANOS && !doubtful.isEmpty(); pause *= 2) {
            LockSupport.parkNanos(pause);
            doubtful.removeIf(pipe -> pipe.replaceActivities(holder -> goneOn(holder, before)));
        }
    }

    private static @Nullable LiveActivity goneOn(LivePipe.Holder holder, Map<Long, ReadProgress> before) {
        LiveActivity activity = holder.activity();
        ReadProgress progress = before.get(holder.pid());
        boolean runs = holder.isReader() && activity.kind() == Kind.WAITS_ELSEWHERE && progress != null
                && progress.hasGoneOn(activity.call() != null && SPLICING.contains(activity.call()));
        return runs ? new LiveActivity(Kind.RUNS, activity.thread(), null, OptionalInt.empty(), null) : null;
    }
}
