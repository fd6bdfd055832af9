// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Calls that take or return paths as bytes: a path need not be text in any encoding. Every fd made here is close-on-exec. */
public final class PathCalls {

    private static final int RESOLVE_NO_MAGICLINKS = 0x02;
    private static final int RESOLVE_BENEATH = 0x08;
    private static final int RESOLVE_IN_ROOT = 0x10;
    private static final int PATH_MAX = 4096;

    private PathCalls() {}

    /**
     * Opens a file below a directory, and follows links only within it (openat2 with RESOLVE_BENEATH, Linux 5.6).
     *
     * @throws ErrnoException EXDEV if the path leads out of the directory
     */
    public static Fd openBeneath(int fdDirectory, byte[] path, int flags) throws ErrnoException {
        return open2(fdDirectory, path, flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /** Opens a file as a process would whose root is the directory (openat2 with RESOLVE_IN_ROOT). */
    public static Fd openInRoot(int fdDirectory, byte[] path, int flags) throws ErrnoException {
        return open2(fdDirectory, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    private static Fd open2(int fdDirectory, byte[] path, int flags, long resolve) throws ErrnoException {
        NativeMemory name = NativeMemory.ofBytes(path);
        int result = Native.sp_openat2(fdDirectory, name.address(), flags | Flags.O_CLOEXEC, resolve);
        Reference.reachabilityFence(name);
        if (result < 0) {
            throw new ErrnoException(
                    result,
                    "openat2(path of " + path.length + " bytes, flags=0" + Integer.toOctalString(flags) + ", resolve=0x"
                            + Long.toHexString(resolve) + ")");
        }
        return Fd.owning(result);
    }

    /** Makes a FIFO (mkfifoat). The umask applies to its permission bits. */
    public static void makeFifo(int fdDirectory, byte[] name, int mode) throws ErrnoException {
        NativeMemory memory = NativeMemory.ofBytes(name);
        int result = Native.sp_mkfifoat(fdDirectory, memory.address(), mode);
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(
                    result, "mkfifoat(name of " + name.length + " bytes, mode=0" + Integer.toOctalString(mode) + ")");
        }
    }

    /** Removes a file's name from a directory (unlinkat). */
    public static void unlink(int fdDirectory, byte[] name) throws ErrnoException {
        NativeMemory memory = NativeMemory.ofBytes(name);
        int result = Native.sp_unlinkat(fdDirectory, memory.address(), 0);
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(result, "unlinkat(name of " + name.length + " bytes)");
        }
    }

    /** Returns a symbolic link's target, cut after 4,096 bytes (readlinkat). */
    public static byte[] readLink(String path) throws ErrnoException {
        return readLink(FileCalls.CURRENT_DIRECTORY, path);
    }

    /** Returns the target of a symbolic link, whose path begins at a directory, cut after 4,096 bytes (readlinkat). */
    public static byte[] readLink(int fdDirectory, String path) throws ErrnoException {
        NativeMemory name = ScratchMemory.ofString(path);
        NativeMemory target = ScratchMemory.take(PATH_MAX);
        try {
            int result = Native.sp_readlinkat(fdDirectory, name.address(), target.address(), PATH_MAX);
            if (result < 0) {
                throw new ErrnoException(result, "readlinkat(\"" + path + "\")");
            }
            byte[] bytes = new byte[result];
            target.buffer().get(0, bytes);
            return bytes;
        } finally {
            ScratchMemory.giveBack(name);
            ScratchMemory.giveBack(target);
        }
    }

    /**
     * Returns a path's bytes in the encoding that this JVM uses for file names.
     *
     * @throws IllegalArgumentException if the path has a character that the encoding lacks
     */
    public static byte[] bytes(String path) {
        ByteBuffer encoded = NativeMemory.encode(path);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }
}
