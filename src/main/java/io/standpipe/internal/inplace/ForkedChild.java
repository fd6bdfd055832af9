// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.inplace;

import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.ProcessCalls;


import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A child that the JDK has forked and that has not become its command yet: for that moment it has every descriptor that this
 * JVM has.
 */
public final class ForkedChild {

    private static final String HELPER = "jspawnhelper";

    private ForkedChild() {}

    /**
     * Whether a process is one now, or has ended or is a child that is ending: that gives up its program first, and its
     * descriptors right after.
     */
    public static boolean is(int pid) {
        try {
            if (ProcessStatus.of(pid).parentPid() != ProcessCalls.pid()) {
                return false;
            }
            Path program = Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
            return program.equals(Files.readSymbolicLink(Path.of("/proc/self/exe")))
                    || program.getFileName().toString().equals(HELPER);
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
