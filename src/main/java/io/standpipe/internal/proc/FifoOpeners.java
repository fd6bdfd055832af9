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

/** Finds the processes that wait in open until a FIFO has its other end, as /proc/PID/task/TID/syscall shows them. */
public final class FifoOpeners {

    private static final int PATH_BYTES = 4096;
    private static final int AT_FDCWD = -100;

    /** @param accessMode O_RDONLY or O_WRONLY */
    public record Opener(int pid, int accessMode) {}

    private FifoOpeners() {}

    /**
     * Returns the processes that wait for this FIFO, as far as this process may trace them. One whose path leads nowhere any more is
     * among them: the FIFO may have been renamed.
     */
    public static List<Opener> of(PipeId fifo) {
        List<Opener> openers = new ArrayList<>();
        try {
            for (int pid : ProcDirectory.pids()) {
                add(pid, fifo, openers);
            }
        } catch (IOException e) {
            return openers; // Without /proc nobody else can be seen.
        }
        return openers;
    }

    private static void add(int pid, PipeId fifo, List<Opener> openers) {
        try {
            for (int thread : ProcDirectory.threads(pid)) {
                String[] words = ProcFile.readLine("/proc/" + pid + "/task/" + thread + "/syscall").split(" ");
                OpenCall call = words.length < 5 ? null : OpenCall.of(Integer.parseInt(words[0]));
                if (call != null && opens(pid, thread, call, words, fifo)) {
                    openers.add(new Opener(pid, accessMode(pid, call, words)));
                }
            }
        } catch (IOException e) {
            // It has ended, or may not be traced.
        }
    }

    private static long argument(String[] words, int index) {
        return Long.parseUnsignedLong(words[1 + index].substring("0x".length()), 16);
    }

    private static int accessMode(int pid, OpenCall call, String[] words) throws IOException {
        long flags = argument(words, call.flagsArgument());
        if (call == OpenCall.OPENAT2) {
            flags = ByteBuffer.wrap(ProcFile.readMemory(pid, flags, Long.BYTES)).order(ByteOrder.nativeOrder()).getLong();
        }
        return (int) flags & Flags.O_ACCMODE;
    }

    private static boolean opens(int pid, int thread, OpenCall call, String[] words, PipeId fifo) throws IOException {
        byte[] memory = ProcFile.readMemory(pid, argument(words, call.pathArgument()), PATH_BYTES);
        int length = 0;
        while (length < memory.length && memory[length] != 0) {
            length++;
        }
        byte[] path = Arrays.copyOf(memory, length);
        String directory = "/proc/" + pid + "/task/" + thread + "/";
        if (length > 0 && path[0] != '/') {
            int base = call == OpenCall.OPEN ? AT_FDCWD : (int) argument(words, 0);
            path = joined(FifoPath.fromRoot(directory, base == AT_FDCWD ? "cwd" : "fd/" + base), path);
        }
        try (Fd root = FileCalls.open(
                        FileCalls.CURRENT_DIRECTORY, directory + "root", Flags.O_PATH | Flags.oDirectory(), 0);
                Fd found = PathCalls.openInRoot(root.number(), path, Flags.O_PATH)) {
            Stat stat = Stat.of(found.number());
            return stat.dev() == fifo.dev() && stat.ino() == fifo.ino();
        } catch (ErrnoException e) {
            return true;
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
