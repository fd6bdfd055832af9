// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.LiveActivity.Kind;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pipe or FIFO that processes hold, or wait to open.
 *
 * @param dev st_dev, which identifies the pipe together with {@code ino}
 * @param ino st_ino
 * @param path of a FIFO, as the first holder or opener sees it, for people; null for an anonymous pipe
 * @param capacityBytes empty if it could not be measured
 * @param queuedBytes empty if it could not be measured
 * @param full whether a write waits for room; a pipe can be full by its buffers though it has fewer bytes than its capacity
 * @param readerless whether nobody at all has it open for reading, as poll reports at a write end
 * @param writerless whether nobody at all has it open for writing, as poll reports at a read end
 * @param locked whether a thread keeps it locked, which waits in splice from it to something full: it cannot be measured
 * @param holders by pid and fd, ascending
 * @param openers by pid, ascending: none of them has an fd of it yet
 * @since 0.1
 */
public record LivePipe(
        long dev, long ino, @Nullable String path, OptionalInt capacityBytes, OptionalInt queuedBytes, boolean full,
        boolean readerless, boolean writerless, boolean locked, List<Holder> holders, List<Opener> openers) {

    /** Copies the lists. */
    public LivePipe {
        holders = List.copyOf(holders);
        openers = List.copyOf(openers);
    }

    /** What becomes of the bytes. The first that applies, in this order, is a pipe's state. */
    public enum State {
        /** A process waits in open() until the FIFO has its other end. */
        AWAITS_OTHER_END("waited for in open() until it has its other end"),
        /** It has bytes, and a thread keeps it locked that waits in splice from it to something full: nobody can look at it. */
        LOCKED("locked by a splice to something that is full, and contents out of reach"),
        /** This process may not duplicate an fd of it. */
        NOT_MEASURED("contents out of reach of this user"),
        /** Nobody has it open for reading. */
        NO_READER("no reader: a write fails with SIGPIPE"),
        /** Nobody has it open for writing. */
        NO_WRITER("no writer: nothing more comes, and readers see the end of file"),
        /** It is full, or a writer waits for room, and no reader that could be looked at runs or waits for its bytes. */
        FULL_AND_NOT_READ("full, and nobody takes from it"),
        /** It is full, or a writer waits for room, and a reader is at work. */
        FULL("full, and a reader is at work"),
        /** It is empty, a reader waits for bytes, and every writer is stopped, traced or frozen. */
        STARVED("empty: a reader waits, and no writer goes on"),
        /** It is empty, and a reader waits for bytes. */
        EMPTY("empty: a reader waits for bytes"),
        /** It has room; every reader or every writer is stopped, traced or frozen. */
        HALTED("has room, but one end is stopped"),
        /** It has room, and a holder runs or waits for its bytes. */
        FLOWING("flowing"),
        /** It has room, a reader and a writer, nobody waits at it, and nobody who holds it runs. */
        IDLE("idle");

        private final String words;

        State(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * An fd of the pipe in a process.
     *
     * @param thread by whose id /proc shows the fd: the pid, unless the leading thread has ended or another has an fd table of its own
     * @param flags access mode and status flags, as F_GETFL returns them
     */
    public record Holder(LiveProcess process, long thread, int fd, int flags, LiveActivity activity) {

        /** Returns the process's pid. */
        public long pid() {
            return process.pid();
        }

        /** Returns which end the fd is, or that it is both. */
        public AccessMode accessMode() {
            return AccessMode.of(flags);
        }

        /** Returns whether the fd is a read end, or both ends. */
        public boolean isReader() {
            return accessMode().canRead();
        }

        /** Returns whether the fd is a write end, or both ends. */
        public boolean isWriter() {
            return accessMode().canWrite();
        }
    }

    /**
     * A process that waits in open() until the FIFO has its other end.
     *
     * @param writer whether it opens the FIFO for writing, and waits for a reader; otherwise it waits for a writer
     */
    public record Opener(LiveProcess process, boolean writer, LiveActivity activity) {}

    /** Returns whether capacity and queued bytes are known. */
    public boolean isMeasured() {
        return capacityBytes.isPresent();
    }

    /** Returns the holders of a read end; one that has both is a writer too. */
    public List<Holder> readers() {
        return holders.stream().filter(Holder::isReader).toList();
    }

    /** Returns the holders of a write end; one that has both is a reader too. */
    public List<Holder> writers() {
        return holders.stream().filter(Holder::isWriter).toList();
    }

    /** Returns what becomes of the bytes. */
    public State state() {
        if (!openers.isEmpty()) {
            return State.AWAITS_OTHER_END;
        }
        if (locked) {
            return State.LOCKED;
        }
        if (!isMeasured()) {
            return State.NOT_MEASURED;
        }
        if (readerless || writerless) {
            return readerless ? State.NO_READER : State.NO_WRITER;
        }
        if (full || does(holders, Kind.WAITS_FOR_ROOM)) {
            return does(readers(), Kind.RUNS) || does(readers(), Kind.WAITS_FOR_BYTES) ? State.FULL : State.FULL_AND_NOT_READ;
        }
        if (queuedBytes.orElse(0) == 0 && does(holders, Kind.WAITS_FOR_BYTES)) {
            return areHalted(writers()) ? State.STARVED : State.EMPTY;
        }
        if (areHalted(readers()) || areHalted(writers())) {
            return State.HALTED;
        }
        return does(holders, Kind.RUNS) || does(holders, Kind.WAITS_FOR_BYTES) ? State.FLOWING : State.IDLE;
    }

    private static boolean does(List<Holder> some, Kind kind) {
        return some.stream().anyMatch(holder -> holder.activity().kind() == kind);
    }

    private static boolean areHalted(List<Holder> some) {
        return !some.isEmpty() && some.stream().allMatch(holder -> holder.activity().isHalted());
    }

    /**
     * Returns whether somebody waits, or the next writer will, for a process that does not go on: it is full and nobody takes from
     * it, or empty and all of its writers are stopped, traced or frozen, or locked, or a process waits in open(). A full pipe with a
     * reader that runs is not stuck, nor is an empty one whose writers merely have nothing to write.
     */
    public boolean isStuck() {
        State state = state();
        return state == State.AWAITS_OTHER_END || state == State.LOCKED || state == State.FULL_AND_NOT_READ || state == State.STARVED;
    }

    /**
     * Returns the state in a sentence with its reason: what those do on whom it depends, such as {@code full, and nobody takes from
     * it: reader cat (process 4711) is stopped}.
     */
    public String explanation() {
        State state = state();
        String reason = switch (state) {
            case AWAITS_OTHER_END -> openers.stream()
                    .map(opener -> opener.process() + " waits for a " + (opener.writer() ? "reader" : "writer"))
                    .collect(Collectors.joining("; "));
            case LOCKED, FULL_AND_NOT_READ, FULL -> activities("reader", readers());
            case STARVED, EMPTY -> activities("writer", writers());
            case HALTED -> areHalted(readers()) ? activities("reader", readers()) : activities("writer", writers());
            default -> "";
        };
        return reason.isEmpty() ? state.toString() : state + ": " + reason;
    }

    private static String activities(String end, List<Holder> some) {
        return some.isEmpty() ? "no " + end + " could be looked at" : some.stream()
                .map(holder -> String.format(Locale.ROOT, "%s %s %s", end, holder.process(), sentence(holder.activity())))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static String sentence(LiveActivity activity) {
        return (activity.isHalted() ? "is " : "") + activity;
    }
}
