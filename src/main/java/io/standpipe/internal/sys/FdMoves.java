// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fds that a command gets, laid out for C ({@code struct sp_plan} of move.h): moves in an order in which none overwrites what
 * another one needs. Fds that change places go through one spare fd, so that a plan needs no more than that. Closing closes it.
 */
public final class FdMoves implements AutoCloseable {

    private static final int HEADER_BYTES = 8;
    private static final int MOVE_BYTES = 8;

    /** The calls on the way to execve, numbered as {@code enum sp_call} in move.h. */
    private static final String[] CALLS = {"execve", "dup3", "fcntl", "close_range", "open", "getdents64", "read", "clone", "setsid", "fchdir",
        "setgroups", "setresgid", "setresuid"};

    private record Move(int from, int to) {}

    /** The fd in the command, mapped to the fd of this process that becomes it. */
    private final TreeMap<Integer, Integer> targets;
    private final List<Move> moves = new ArrayList<>();
    private final List<Fd> owned = new ArrayList<>();
    private @Nullable NativeMemory memory;

    private FdMoves(Map<Integer, Integer> targets) {
        this.targets = new TreeMap<>(targets);
    }

    /**
     * Puts into words which call kept a process from becoming a command.
     *
     * @param number the call as C numbers it
     * @param execve what to return for execve itself
     */
    static String failedCall(int number, String execve) {
        return number == 0 ? execve : CALLS[number] + " before " + execve;
    }

    /** Returns {@code targets}, with each open fd of {@code inherited} that is not among them mapped to itself. */
    static Map<Integer, Integer> inheriting(Map<Integer, Integer> targets, Set<Integer> inherited) {
        Map<Integer, Integer> all = new HashMap<>(targets);
        for (int fd : inherited) {
            if (FdCalls.isOpen(fd)) {
                all.putIfAbsent(fd, fd);
            }
        }
        return all;
    }

    /**
     * Returns the moves.
     *
     * @param targets the fd in the command, mapped to the fd of this process that becomes it
     */
    static FdMoves of(Map<Integer, Integer> targets) throws ErrnoException {
        FdMoves moves = new FdMoves(targets);
        boolean done = false;
        try {
            moves.order();
            moves.layOut();
            done = true;
            return moves;
        } finally {
            if (!done) {
                moves.close();
            }
        }
    }

    private void order() throws ErrnoException {
        Map<Integer, Integer> pending = new HashMap<>();
        Map<Integer, Integer> uses = new HashMap<>();
        for (Map.Entry<Integer, Integer> target : targets.entrySet()) {
            int to = target.getKey();
            int from = target.getValue();
            FdCalls.checkOpen(from);
            if (to == from) {
                moves.add(new Move(from, to));
            } else {
                pending.put(to, from);
                uses.merge(from, 1, Integer::sum);
            }
        }
        for (int to : List.copyOf(pending.keySet())) {
            moveWhatIsFree(to, pending, uses);
        }
        for (int to : List.copyOf(pending.keySet())) {
            moveInACircle(to, pending);
        }
    }

    /** Adds the move to an fd that no pending move needs, then those to the fds that are no longer needed by that. */
    private void moveWhatIsFree(int free, Map<Integer, Integer> pending, Map<Integer, Integer> uses) {
        int to = free;
        while (pending.containsKey(to) && uses.getOrDefault(to, 0) == 0) {
            int from = pending.remove(to);
            moves.add(new Move(from, to));
            uses.merge(from, -1, Integer::sum);
            to = from;
        }
    }

    /** Adds moves of fds that change places: each is needed by one other move, since all others are done. */
    private void moveInACircle(int first, Map<Integer, Integer> pending) throws ErrnoException {
        if (!pending.containsKey(first)) {
            return;
        }
        int spare = owned.isEmpty() ? duplicate(first) : owned.get(0).number();
        moves.add(new Move(first, spare));
        int to = first;
        for (int from = pending.remove(to); from != first; from = pending.remove(to)) {
            moves.add(new Move(from, to));
            to = from;
        }
        moves.add(new Move(spare, to));
    }

    private void layOut() {
        memory = NativeMemory.nativeOrder(HEADER_BYTES + moves.size() * MOVE_BYTES + targets.size() * Integer.BYTES);
        ByteBuffer plan = memory.buffer();
        plan.putInt(moves.size()).putInt(targets.size());
        moves.forEach(move -> plan.putInt(move.from()).putInt(move.to()));
        targets.keySet().forEach(plan::putInt);
    }

    /** Returns the address of the plan, which is valid as long as this object is reachable. */
    long address() {
        return Objects.requireNonNull(memory).address();
    }

    /** Returns {@code fd}, or its duplicate if a move will replace it. */
    int unmovedFd(int fd) throws ErrnoException {
        return targets.containsKey(fd) ? duplicate(fd) : fd;
    }

    @Override
    public void close() {
        owned.forEach(Fd::close);
    }

    /** Duplicates an fd to a number that no move will replace. */
    private int duplicate(int fd) throws ErrnoException {
        int lowest = 0;
        while (true) {
            Fd duplicate = FdCalls.duplicateFrom(fd, lowest);
            lowest = duplicate.number();
            if (!targets.containsKey(lowest)) {
                owned.add(duplicate);
                return lowest;
            }
            lowest++;
            duplicate.close();
        }
    }
}
