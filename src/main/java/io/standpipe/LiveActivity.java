// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a process does, as seen from a pipe that it holds: a thread of it that waits at that very fd counts first, then that all are
 * stopped or frozen, then one that runs, then what the first thread waits for.
 *
 * @param thread the id of the thread that this is about
 * @param call the system call that the thread waits in, such as {@code write}; null if unknown, or if it waits in none
 * @param epoll the fd of the epoll set that the call waits for; empty if it waits for none
 * @param where what a wait elsewhere is for, in words: {@code read of descriptor 7 (pipe 4711)}; null for other kinds
 * @since 0.1
 */
public record LiveActivity(Kind kind, long thread, @Nullable String call, OptionalInt epoll, @Nullable String where) {

    /** What kind of thing a process does. */
    public enum Kind {
        /** It waits for bytes at this end of the pipe. */
        WAITS_FOR_BYTES("waits for bytes"),
        /** It waits for room at this end of the pipe. */
        WAITS_FOR_ROOM("waits for room"),
        /** It waits in open() until the FIFO has its other end. */
        WAITS_IN_OPEN("waits in open"),
        /** A signal stopped it: it goes on at SIGCONT. */
        STOPPED("stopped"),
        /** A tracer, such as a debugger, has stopped it. */
        TRACED("stopped by its tracer"),
        /** Its cgroup is frozen. */
        FROZEN("frozen"),
        /** It waits for something else than this pipe. */
        WAITS_ELSEWHERE("waits elsewhere"),
        /** It runs, or could: it waits for a processor at most. */
        RUNS("runs"),
        /** This process may not trace it, and cannot see what it does. */
        UNKNOWN("may not be traced, so that what it does is unknown");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Returns whether it does nothing until somebody else has it go on: stopped, traced or frozen. */
    public boolean isHalted() {
        return kind == Kind.STOPPED || kind == Kind.TRACED || kind == Kind.FROZEN;
    }

    /** Returns whether it waits at this end of the pipe. */
    public boolean isWaitingHere() {
        return kind == Kind.WAITS_FOR_BYTES || kind == Kind.WAITS_FOR_ROOM;
    }

    /** Returns it in words, such as {@code waits for room in epoll_wait (epoll descriptor 5)}. */
    @Override
    public String toString() {
        if (where != null) {
            return kind + ": " + where;
        }
        return call == null ? kind.toString() : kind + " in " + call + (epoll.isEmpty() ? "" : " (epoll descriptor " + epoll.getAsInt() + ")");
    }
}
