// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The fds that a command gets, laid out for C ({@code struct sp_move} of move.h). An fd that stands where another one will be moved
 * to is duplicated elsewhere first, so that the order of the moves does not matter. Closing closes the duplicates.
 */
public final class FdMoves implements AutoCloseable {

    private static final int MOVE_BYTES = 16;
    private static final int NOTHING_SAVED = -1;

    /** The calls on the way to execve, numbered as {@code enum sp_call} in move.h. */
    private static final String[] CALLS = {"execve", "dup3", "fcntl", "close_range", "open", "getdents64", "read"};

    /** The fd in the command, mapped to the fd of this process that becomes it. */
    private final TreeMap<Integer, Integer> targets;
    private final NativeMemory memory;
    /** An fd that will be replaced, mapped to its duplicate. */
    private final Map<Integer, Integer> duplicates = new HashMap<>();
    private final List<Fd> owned = new ArrayList<>();
    private int lowestFree;

    private FdMoves(Map<Integer, Integer> targets) {
        this.targets = new TreeMap<>(targets);
        memory = NativeMemory.nativeOrder(Math.max(1, targets.size()) * MOVE_BYTES);
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
     * Returns moves within this process, with duplicates of what they replace, so that C can undo them.
     *
     * @param targets the fd in the command, mapped to the fd of this process that becomes it
     */
    static FdMoves withUndo(Map<Integer, Integer> targets) throws ErrnoException {
        return laidOut(new FdMoves(targets), FdMoves::layOutWithUndo);
    }

    /**
     * Returns moves within a child, which exits if it does not become its command. An fd that is mapped to itself is not moved.
     *
     * @param targets the fd in the command, mapped to the fd of this process that becomes it, which must be open
     */
    static FdMoves ofChild(Map<Integer, Integer> targets) throws ErrnoException {
        return laidOut(new FdMoves(targets), FdMoves::layOutOfChild);
    }

    /** Returns the address of the moves, which is valid as long as this object is reachable. */
    long address() {
        return memory.address();
    }

    int count() {
        return targets.size();
    }

    /** Returns {@code fd}, or its duplicate if a move will replace it. */
    int unmovedFd(int fd) throws ErrnoException {
        return targets.containsKey(fd) ? duplicateOf(fd) : fd;
    }

    @Override
    public void close() {
        owned.forEach(Fd::close);
    }

    private interface Layout {
        void write(FdMoves moves, int to, int from) throws ErrnoException;
    }

    private static FdMoves laidOut(FdMoves moves, Layout layout) throws ErrnoException {
        boolean done = false;
        try {
            for (Map.Entry<Integer, Integer> target : moves.targets.entrySet()) {
                layout.write(moves, target.getKey(), target.getValue());
            }
            done = true;
            return moves;
        } finally {
            if (!done) {
                moves.close();
            }
        }
    }

    private void layOutWithUndo(int to, int from) throws ErrnoException {
        int source = unmovedFd(from);
        int saved = NOTHING_SAVED;
        int savedFlags = 0;
        if (FdCalls.isOpen(to)) {
            savedFlags = FdCalls.isCloseOnExec(to) ? 1 : 0;
            saved = duplicateOf(to);
        }
        add(source, to, saved, savedFlags);
    }

    private void layOutOfChild(int to, int from) throws ErrnoException {
        FdCalls.checkOpen(from);
        add(from == to ? from : unmovedFd(from), to, NOTHING_SAVED, 0);
    }

    private void add(int from, int to, int saved, int savedFlags) {
        ByteBuffer moves = memory.buffer();
        moves.putInt(from).putInt(to).putInt(saved).putInt(savedFlags);
    }

    private int duplicateOf(int fd) throws ErrnoException {
        Integer duplicate = duplicates.get(fd);
        if (duplicate == null) {
            duplicate = duplicate(fd);
            duplicates.put(fd, duplicate);
        }
        return duplicate;
    }

    /** Duplicates an fd to a number that no move will replace. */
    private int duplicate(int fd) throws ErrnoException {
        while (true) {
            Fd duplicate = FdCalls.duplicateFrom(fd, lowestFree);
            lowestFree = duplicate.number();
            if (!targets.containsKey(lowestFree)) {
                owned.add(duplicate);
                return lowestFree;
            }
            lowestFree++;
            duplicate.close();
        }
    }
}
