// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Names in folders, as the bytes that the kernel knows: a path need not be text in any encoding. Every descriptor made
 * here is close-on-exec.
 */
public final class PathCalls {

    private static final int RESOLVE_NO_MAGICLINKS = 0x02;
    private static final int RESOLVE_BENEATH = 0x08;
    private static final int RESOLVE_IN_ROOT = 0x10;
    private static final int LONGEST = 4096;

    private PathCalls() {}

    /**
     * Opens a file that is below a folder, whatever links there are on the way (openat2, Linux 5.6).
     *
     * @throws ErrnoException EXDEV if the path leads out of the folder
     */
    public static Fd openBeneath(int fdFolder, byte[] path, int flags) throws ErrnoException {
        return open2(fdFolder, path, flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /** Opens a file as a process whose root is a folder would. */
    public static Fd openInRoot(int fdFolder, byte[] path, int flags) throws ErrnoException {
        return open2(fdFolder, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    private static Fd open2(int fdFolder, byte[] path, int flags, long resolve) throws ErrnoException {
        NativeMemory name = NativeMemory.ofBytes(path);
        int result = Native.sp_openat2(fdFolder, name.address(), flags | Flags.O_CLOEXEC, resolve);
        Reference.reachabilityFence(name);
        if (result < 0) {
            throw new ErrnoException(
                    result,
                    "openat2(path of " + path.length + " bytes, flags=0" + Integer.toOctalString(flags) + ", resolve=0x"
                            + Long.toHexString(resolve) + ")");
        }
        return Fd.owning(result);
    }

    /** Makes a FIFO; the file mode creation mask is applied to its permission bits. */
    public static void makeFifo(int fdFolder, byte[] name, int mode) throws ErrnoException {
        NativeMemory memory = NativeMemory.ofBytes(name);
        int result = Native.sp_mkfifoat(fdFolder, memory.address(), mode);
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(
                    result, "mkfifoat(name of " + name.length + " bytes, mode=0" + Integer.toOctalString(mode) + ")");
        }
    }

    /** Removes a file's name from a folder. */
    public static void unlink(int fdFolder, byte[] name) throws ErrnoException {
        NativeMemory memory = NativeMemory.ofBytes(name);
        int result = Native.sp_unlinkat(fdFolder, memory.address(), 0);
        Reference.reachabilityFence(memory);
        if (result < 0) {
            throw new ErrnoException(result, "unlinkat(name of " + name.length + " bytes)");
        }
    }

    /** What a symbolic link holds, cut after 4,096 bytes. */
    public static byte[] readLink(String path) throws ErrnoException {
        return readLink(FileCalls.CURRENT_FOLDER, path);
    }

    /** The same of a link below a folder. */
    public static byte[] readLink(int fdFolder, String path) throws ErrnoException {
        NativeMemory name = ScratchMemory.ofString(path);
        NativeMemory target = ScratchMemory.take(LONGEST);
        try {
            int result = Native.sp_readlinkat(fdFolder, name.address(), target.address(), LONGEST);
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
     * A path's bytes, in the encoding that this JVM uses for file names.
     *
     * @throws IllegalArgumentException if it has a character that the encoding has not
     */
    public static byte[] bytes(String path) {
        ByteBuffer encoded = NativeMemory.encode(path);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }
}
