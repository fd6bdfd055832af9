// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.OpenCall;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the processes that wait in open until a FIFO has its other end, as /proc/PID/task/TID/syscall shows them. */
public final class FifoOpeners {

    private static final int PATH_BYTES = 4096;
    private static final int AT_FDCWD = -100;

    /**
     * A thread that waits in open for a FIFO.
     *
     * @param accessMode O_RDONLY or O_WRONLY
     * @param call the name of the system call
     * @param fifo null if the path leads nowhere any more
     * @param path as the process sees it
     */
    public record Opener(int pid, int thread, int accessMode, String call, @Nullable PipeId fifo, byte[] path) {}

    private FifoOpeners() {}

    /**
     * Returns the processes that wait for this FIFO, as far as this process may trace them. One whose path leads nowhere any more is
     * among them: the FIFO may have been renamed.
     */
    public static List<Opener> of(PipeId fifo) {
        List<Opener> openers = new ArrayList<>();
        try {
            for (int pid : ProcDirectory.pids()) {
                openers.addAll(among(pid));
            }
        } catch (IOException e) {
            return openers; // Without /proc nobody else can be seen.
        }
        openers.removeIf(Predicate.not(opener -> opener.fifo() == null || opener.fifo().equals(fifo)));
        return openers;
    }

    private static List<Opener> among(int pid) {
        try {
            return among(ThreadCall.of(pid));
        } catch (IOException e) {
            return List.of(); // It may not be looked at.
        }
    }

    /** Returns the threads that wait for a FIFO, among some. */
    public static List<Opener> among(List<ThreadCall> threads) {
        List<Opener> openers = new ArrayList<>(0);
        for (ThreadCall thread : threads) {
            OpenCall call = OpenCall.of(thread.number());
            if (call != null) {
                add(thread, call, openers);
            }
        }
        return openers;
    }

    private static void add(ThreadCall thread, OpenCall call, List<Opener> openers) {
        try {
            if (!mayWaitForFifo(thread)) {
                return;
            }
            byte[] path = path(thread, call);
            PipeId id = null;
            Stat stat = stat(thread, path);
            if (stat != null) {
                if (!stat.isFifo()) {
                    return;
                }
                id = new PipeId(stat.dev(), stat.ino());
            }
            String name = call.name().toLowerCase(Locale.ROOT);
            openers.add(new Opener(thread.pid(), thread.thread(), accessMode(thread, call), name, id, path));
        } catch (IOException e) {
            return; // It goes on, has ended, or may not be traced.
        }
    }

    /**
     * Whether a thread in open waits for the other end of a FIFO: the kernel's function in which it sleeps shows it. One that waits for a
     * file system which is gone must not have this process wait for that too.
     */
    private static boolean mayWaitForFifo(ThreadCall thread) throws IOException {
        String function = ThreadCall.line(thread.pid(), thread.thread(), "wchan");
        return function.isEmpty() || function.equals("0") || function.startsWith("wait_for_partner")
                || function.startsWith("fifo_open");
    }

    private static int accessMode(ThreadCall thread, OpenCall call) throws IOException {
        long flags = thread.argument(call.flagsArgument());
        if (call == OpenCall.OPENAT2) {
            flags = ByteBuffer.wrap(ProcFile.readMemory(thread.pid(), flags, Long.BYTES)).order(ByteOrder.nativeOrder()).getLong();
        }
        return (int) flags & Flags.O_ACCMODE;
    }

    /** Returns the path that a thread opens, as it sees it. No file system is asked. */
    static byte[] path(ThreadCall thread, OpenCall call) throws IOException {
        byte[] memory = ProcFile.readMemory(thread.pid(), thread.argument(call.pathArgument()), PATH_BYTES);
        int length = 0;
        while (length < memory.length && memory[length] != 0) {
            length++;
        }
        byte[] path = Arrays.copyOf(memory, length);
        if (length > 0 && path[0] != '/') {
            int base = call == OpenCall.OPEN ? AT_FDCWD : (int) thread.argument(0);
            path = joined(FifoPath.fromRoot(directory(thread), base == AT_FDCWD ? "cwd" : "fd/" + base), path);
        }
        return path;
    }

    private static String directory(ThreadCall thread) {
        return "/proc/" + thread.pid() + "/task/" + thread.thread() + "/";
    }

    /** Returns the status of what is at a path as the thread sees it, or null if nothing can be found there. */
    private static @Nullable Stat stat(ThreadCall thread, byte[] path) {
        try (Fd root = FileCalls.open(
                        FileCalls.CURRENT_DIRECTORY, directory(thread) + "root", Flags.O_PATH | Flags.oDirectory(), 0);
                Fd found = PathCalls.openInRoot(root.number(), path, Flags.O_PATH)) {
            return Stat.of(found.number());
        } catch (ErrnoException e) {
            return null;
        }
    }

    private static byte[] joined(byte[] directory, byte[] name) {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.writeBytes(directory);
        path.write('/');
        path.writeBytes(name);
        return path.toByteArray();
    }
}
