// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;

/** Loads the library from a file in memory, which needs no directory. {@code memfd_create} is called without JNI, by JDK 22 or later. */
final class MemoryLibrary {

    private static final int FIRST_JDK = 22;
    private static final int MFD_CLOEXEC = 1;
    private static final int F_DUPFD_CLOEXEC = 1030;
    /** More than there are loaders at a time, and less than usual limits. */
    private static final int MOST_FDS = 1000;
    private static final int MOST_TRIES = 100;
    private static final String FDS = "/proc/self/fd/";
    private static final String TAKEN = "already loaded in another classloader";

    private MemoryLibrary() {}

    /** @throws IOException if this JVM cannot call memfd_create, or the kernel refuses it */
    static void load() throws IOException {
        if (Runtime.version().feature() < FIRST_JDK) {
            throw new IOException("this needs JDK " + FIRST_JDK + " or later");
        }
        CFunctions c = new CFunctions();
        String name = "standpipe" + Long.toUnsignedString(new Random().nextLong());
        int fd = c.call("memfd_create", 2, name, MFD_CLOEXEC);
        if (fd < 0) {
            throw new IOException("memfd_create fails: a seccomp profile or vm.memfd_noexec forbids it, or descriptors have run out");
        }
        try {
            try (InputStream packed = PackedLibrary.open(); OutputStream out = new FileOutputStream(FDS + fd)) {
                out.write(packed.readAllBytes());
            }
            for (int tries = 0; !isLoaded(c, fd, name); tries++) {
                if (tries == MOST_TRIES) {
                    throw new IOException("the JVM has loaded other libraries from all descriptors that were tried");
                }
            }
        } finally {
            c.call("close", 1, fd);
        }
    }

    /**
     * Loads the file and returns whether that is so. The JVM knows a library by its path, and loads nothing from a descriptor from which it has
     * loaded another library, perhaps for another class loader: so a duplicate is taken, of any number.
     */
    private static boolean isLoaded(CFunctions c, int fd, String name) throws IOException {
        int duplicate = c.call("fcntl", 2, fd, F_DUPFD_CLOEXEC, new Random().nextInt(MOST_FDS));
        if (duplicate < 0) {
            duplicate = c.call("fcntl", 2, fd, F_DUPFD_CLOEXEC, 0); // The limit was below the number.
        }
        if (duplicate < 0) {
            throw new IOException("descriptors have run out");
        }
        try {
            System.load(FDS + duplicate);
        } catch (UnsatisfiedLinkError e) {
            if (String.valueOf(e.getMessage()).contains(TAKEN)) {
                return false;
            }
            throw e;
        } finally {
            c.call("close", 1, duplicate);
        }
        return NativePlatform.mappings().contains("/memfd:" + name);
    }
}
