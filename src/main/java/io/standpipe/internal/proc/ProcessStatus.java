// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A process among others, as /proc/PID/stat tells it. */
public record ProcessStatus(
        int pid, char state, int parentPid, int processGroup, int session, long flags, String name) {

    private static final long PF_KTHREAD = 0x00200000;

    /**
     * Reads a process's status.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such process
     */
    public static ProcessStatus of(int pid) throws IOException {
        String stat = ProcFile.readOnce("/proc/" + pid + "/stat");
        // The name stands in parentheses and may hold any character, a closing parenthesis included.
        int nameEnd = stat.lastIndexOf(')');
        String[] fields = stat.substring(nameEnd + 2).split(" ");
        return new ProcessStatus(
                pid, fields[0].charAt(0), Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), Integer.parseInt(fields[3]),
                Long.parseLong(fields[6]), stat.substring(stat.indexOf('(') + 1, nameEnd));
    }

    /** Whether there is such a process, and it has not ended. True where that cannot be told: for want of descriptors, say. */
    public static boolean isThere(int pid) {
        try {
            return !of(pid).hasEnded();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether there is such a process, be it one that has ended and was not waited for. */
    public static boolean isKnown(int pid) {
        return Files.exists(Path.of("/proc/" + pid + "/stat"));
    }

    /** The process that traces a process, such as a debugger, or 0. */
    public static int tracer(int pid) throws IOException {
        return Integer.parseInt(statusField("/proc/" + pid + "/status", "TracerPid:"));
    }

    /** Whether the process has ended, and only its exit status is still to be fetched. */
    public boolean hasEnded() {
        return state == 'Z' || state == 'X';
    }

    /** Whether it is a thread of the kernel's own, which has no descriptors. */
    public boolean isKernelThread() {
        return (flags & PF_KTHREAD) != 0;
    }

    /** The signals that a process's first thread blocks, bit 0 being signal 1. The JVM leaves that thread's alone. */
    public static long blockedSignals(int pid) throws IOException {
        String field = statusField("/proc/" + pid + "/task/" + pid + "/status", "SigBlk:");
        return Long.parseUnsignedLong(field, 16);
    }

    /** The effective capabilities of this process, bit n being capability n. */
    public static long effectiveCapabilities() throws IOException {
        return Long.parseUnsignedLong(statusField("/proc/self/status", "CapEff:"), 16);
    }

    private static String statusField(String path, String name) throws IOException {
        for (String line : Files.readAllLines(Path.of(path), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).trim();
            }
        }
        throw new IOException(path + " has no line '" + name + "'");
    }
}
