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
 * Descriptors on their way to chosen numbers, laid out for C ({@code struct sp_move}). What stands at a number that will be
 * filled is copied out of the way first, so that the order of the moves does not matter. Closing closes the copies.
 */
public final class FdMoves implements AutoCloseable {

    private static final int MOVE_LENGTH = 16;
    private static final int NOTHING_SAVED = -1;

    private final TreeMap<Integer, Integer> targets;
    private final NativeMemory memory;
    /** A number that will be filled, to the copy of what stands there now. */
    private final Map<Integer, Integer> copies = new HashMap<>();
    private final List<Fd> held = new ArrayList<>();
    private int floor;

    private FdMoves(Map<Integer, Integer> targets) {
        this.targets = new TreeMap<>(targets);
        memory = NativeMemory.nativeOrder(Math.max(1, targets.size()) * MOVE_LENGTH);
    }

    /** Targets with numbers added that stay as they are, as far as they are open. */
    static Map<Integer, Integer> inheriting(Map<Integer, Integer> targets, Set<Integer> inherited) {
        Map<Integer, Integer> all = new HashMap<>(targets);
        for (int number : inherited) {
            if (FdCalls.isOpen(number)) {
                all.putIfAbsent(number, number);
            }
        }
        return all;
    }

    /**
     * Moves of this process itself, with what it takes to undo them.
     *
     * @param targets the number to fill, to the descriptor that gets there
     */
    static FdMoves withUndo(Map<Integer, Integer> targets) throws ErrnoException {
        return laidOut(new FdMoves(targets), FdMoves::layOutWithUndo);
    }

    /**
     * Moves of a child, of which nothing is left if it does not become its command. All descriptors must be open; one that
     * keeps its number stays where it is.
     *
     * @param targets the number to fill, to the descriptor that gets there
     */
    static FdMoves ofChild(Map<Integer, Integer> targets) throws ErrnoException {
        return laidOut(new FdMoves(targets), FdMoves::layOutOfChild);
    }

    /** Valid as long as this object can be reached. */
    long address() {
        return memory.address();
    }

    int count() {
        return targets.size();
    }

    /** The number of a descriptor, or that of a copy if its own will be filled. */
    int outside(int fd) throws ErrnoException {
        return targets.containsKey(fd) ? copyOf(fd) : fd;
    }

    @Override
    public void close() {
        held.forEach(Fd::close);
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
        int source = outside(from);
        int saved = NOTHING_SAVED;
        int savedFlags = 0;
        if (FdCalls.isOpen(to)) {
            savedFlags = FdCalls.isCloseOnExec(to) ? 1 : 0;
            saved = copyOf(to);
        }
        add(source, to, saved, savedFlags);
    }

    private void layOutOfChild(int to, int from) throws ErrnoException {
        FdCalls.checkOpen(from);
        add(from == to ? from : outside(from), to, NOTHING_SAVED, 0);
    }

    private void add(int from, int to, int saved, int savedFlags) {
        ByteBuffer out = memory.buffer();
        out.putInt(from).putInt(to).putInt(saved).putInt(savedFlags);
    }

    private int copyOf(int fd) throws ErrnoException {
        Integer copy = copies.get(fd);
        if (copy == null) {
            copy = hold(fd);
            copies.put(fd, copy);
        }
        return copy;
    }

    /** Copies a descriptor to a number that no move will fill; returns that number. */
    private int hold(int fd) throws ErrnoException {
        Set<Integer> taken = targets.keySet();
        while (true) {
            Fd copy = FdCalls.duplicateFrom(fd, floor);
            floor = copy.number();
            if (!taken.contains(floor)) {
                held.add(copy);
                return floor;
            }
            floor++;
            copy.close();
        }
    }
}
