// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import io.standpipe.internal.jni.Native;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collection;

/**
 * A descriptor with one owner: whoever holds this object closes it, once, or hands it on with {@link #release()}.
 * Safe to close from several threads.
 */
public final class Fd implements AutoCloseable {

    private static final int GONE = -1;
    private static final VarHandle NUMBER = numberHandle();

    private volatile int number;

    private Fd(int number) {
        NUMBER.set(this, number);
        // As for a final field: nobody sees the object without its number. A volatile write costs a full fence more.
        VarHandle.storeStoreFence();
    }

    /** Takes over an open descriptor: from now on this object closes it. */
    public static Fd owning(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor number is " + number + ", expected 0 or more");
        }
        return new Fd(number);
    }

    private static VarHandle numberHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Fd.class, "number", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * The descriptor's number.
     *
     * @throws IllegalStateException if it is closed or handed on
     */
    public int number() {
        return expectOpen(number);
    }

    private static int expectOpen(int number) {
        if (number == GONE) {
            throw new IllegalStateException("descriptor is closed or was handed on");
        }
        return number;
    }

    /** Whether the descriptor is still this object's to close. */
    public boolean isOpen() {
        return number != GONE;
    }

    /** Hands the descriptor on: the caller closes it from now on. */
    public int release() {
        return expectOpen(take());
    }

    /** Whoever gets the number has the descriptor: one alone, of all who ask. */
    private int take() {
        return (int) NUMBER.getAndSet(this, GONE);
    }

    /**
     * Closes the descriptor, if it is still open.
     *
     * @throws IllegalStateException if the number was closed behind this object's back: a sign that some descriptor has
     *     two owners
     */
    @Override
    public void close() {
        int closing = take();
        if (closing != GONE) {
            close(closing);
        }
    }

    private static void close(int number) {
        // Any other error still frees the number, and nothing is written through our pipes at close.
        if (Native.sp_close(number) == -Errno.EBADF) {
            throw new IllegalStateException("descriptor " + number + " was closed by someone else");
        }
    }

    /**
     * Closes all of them that are still open, by one call for those whose numbers follow one another: that does not tell
     * if one of these was closed behind its owner's back.
     */
    public static void closeAll(Collection<Fd> all) {
        int[] numbers = new int[all.size()];
        int count = 0;
        for (Fd fd : all) {
            int closing = fd.take();
            if (closing != GONE) {
                numbers[count++] = closing;
            }
        }
        closeReleased(numbers, count);
    }

    /**
     * Closes descriptors that were released, in the same way.
     *
     * @param numbers of which the first so many are closed; they are sorted
     */
    public static void closeReleased(int[] numbers, int count) {
        if (!areAscending(numbers, count)) {
            Arrays.sort(numbers, 0, count);
        }
        IllegalStateException failure = null;
        for (int from = 0, to; from < count; from = to) {
            to = from + 1;
            while (to < count && numbers[to] == numbers[to - 1] + 1) {
                to++;
            }
            boolean closed = to - from > 1 && Native.sp_close_range(numbers[from], numbers[to - 1]) == 0;
            // One alone, or a kernel or a seccomp filter without close_range.
            for (int i = from; i < to && !closed; i++) {
                try {
                    close(numbers[i]);
                } catch (IllegalStateException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** As they mostly are: sorting takes memory, though there be nothing to do. */
    private static boolean areAscending(int[] numbers, int count) {
        for (int i = 1; i < count; i++) {
            if (numbers[i] < numbers[i - 1]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        int now = number;
        return now == GONE ? "Fd[closed]" : "Fd[" + now + "]";
    }
}
