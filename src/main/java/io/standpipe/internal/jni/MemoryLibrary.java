// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Loads the library from a file in memory, which needs no directory. {@code memfd_create} is called without JNI, by JDK 22 or later. */
final class MemoryLibrary {

    private static final int FIRST_JDK = 22;
    private static final int MFD_CLOEXEC = 1;
    private static final int MOST_FDS = 64;
    private static final String TAKEN = "already loaded in another classloader";

    private MemoryLibrary() {}

    /** @throws IOException if this JVM cannot call memfd_create, or the kernel refuses it */
    static void load() throws IOException {
        if (Runtime.version().feature() < FIRST_JDK) {
            throw new IOException("this needs JDK " + FIRST_JDK + " or later");
        }
        CFunctions c = new CFunctions();
        List<Integer> fds = new ArrayList<>();
        try {
            // The JVM knows a library by its path: for one that it has loaded from the same fd before, it loads nothing.
            do {
                if (fds.size() == MOST_FDS) {
                    throw new IOException("the JVM has loaded other libraries from the descriptors " + fds);
                }
            } while (!load(c, fds));
        } finally {
            for (int fd : fds) {
                c.call("close", fd);
            }
        }
    }

    /** Adds the fd of one file to those that are to be closed, and returns whether the library is loaded from that file. */
    private static boolean load(CFunctions c, List<Integer> fds) throws IOException {
        String name = "standpipe" + Long.toUnsignedString(new Random().nextLong());
        int fd = c.call("memfd_create", name, MFD_CLOEXEC);
        if (fd < 0) {
            throw new IOException("memfd_create fails: a seccomp profile or vm.memfd_noexec forbids it, or descriptors have run out");
        }
        fds.add(fd);
        String path = "/proc/self/fd/" + fd;
        try (InputStream packed = PackedLibrary.open(); OutputStream out = new FileOutputStream(path)) {
            out.write(packed.readAllBytes());
        }
        try {
            System.load(path);
        } catch (UnsatisfiedLinkError e) {
            if (String.valueOf(e.getMessage()).contains(TAKEN)) {
                return false;
            }
            throw e;
        }
        return NativePlatform.mappings().contains("/memfd:" + name);
    }
}
