// SPDX-License-Identifier: Apache-2.0
package io.standpipe.pipe;

import io.standpipe.UnavailableException;
import io.standpipe.internal.jni.Native;
import io.standpipe.internal.jni.NativeLibrary;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collection;

/**
 * An fd with one owner: the holder of this object closes it, or hands the fd on with {@link #release()}. Nothing closes the fd of an
 * object that is garbage collected.
 *
 * <p>Safe for use by several threads: of all that close or release it, one gets the fd. Whoever passes {@link #number()} to a
 * system call must make sure that no other thread closes the object meanwhile, since the kernel gives the number to the next
 * file that is opened.
 *
 * @since 0.1
 */
public final class Fd implements AutoCloseable {

    private static final int GONE = -1;
    private static final VarHandle NUMBER = numberHandle();

    private volatile int number;

    private Fd(int number) {
        NUMBER.set(this, number);
        // Publishes the number like a final field would; a volatile write costs a full fence more.
        VarHandle.storeStoreFence();
    }

    /**
     * Takes an open fd over: from now on the new object closes it.
     *
     * @param number an open fd of this process that nothing else closes
     * @return its owner
     * @throws IllegalArgumentException if the number is negative
     * @throws IllegalStateException if the native library cannot be loaded, so that nothing here could close the fd
     */
    public static Fd owning(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor number is " + number + ", expected 0 or more");
        }
        UnavailableException failure = NativeLibrary.failure();
        if (failure != null) {
            throw new IllegalStateException("descriptor " + number + " is not taken over: " + failure.getMessage(), failure);
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
     * Returns the fd as the kernel numbers it. This object still owns it.
     *
     * @return 0 or more
     * @throws IllegalStateException if the fd was closed or released
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

    /**
     * Returns whether this object still owns its fd.
     *
     * @return false once the fd was closed or released
     */
    public boolean isOpen() {
        return number != GONE;
    }

    /**
     * Hands the fd on: from now on the caller closes it.
     *
     * @return the fd, still open
     * @throws IllegalStateException if the fd was closed or released before
     */
    public int release() {
        return expectOpen(take());
    }

    private int take() {
        return (int) NUMBER.getAndSet(this, GONE);
    }

    /**
     * Closes the fd, unless it was closed or released before.
     *
     * @throws IllegalStateException if the fd was not open (EBADF): something else closed it, so it has two owners
     */
    @Override
    public void close() {
        int closing = take();
        if (closing != GONE) {
            close(closing);
        }
    }

    private static void close(int number) {
        // The kernel frees the number whatever else it returns, EINTR included: a second close could hit another file.
        if (Native.sp_close(number) == -Errno.EBADF) {
            throw new IllegalStateException("descriptor " + number + " was closed by someone else");
        }
    }

    /**
     * Closes all fds that were not closed or released before, with one {@code close_range} for each row of consecutive numbers.
     * Within such a row no error is noticed.
     *
     * @param all the owners
     * @throws IllegalStateException if one of the fds was not open; the others are closed nevertheless
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
        Arrays.sort(numbers, 0, count);
        closeSorted(numbers, count);
    }

    private static void closeSorted(int[] numbers, int count) {
        IllegalStateException failure = null;
        for (int from = 0, to; from < count; from = to) {
            to = from + 1;
            while (to < count && numbers[to] == numbers[to - 1] + 1) {
                to++;
            }
            boolean closed = to - from > 1 && Native.sp_close_range(numbers[from], numbers[to - 1], 0) == 0;
            // A single fd, or a kernel or seccomp filter without close_range.
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

    @Override
    public String toString() {
        int now = number;
        return now == GONE ? "Fd[closed]" : "Fd[" + now + "]";
    }
}
