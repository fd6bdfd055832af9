// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Names in a folder that begin in one way (getdents64). For {@code java.nio.file} it would take a path and a dozen calls, and an
 * object for each of the others.
 */
public final class DirectoryNames {

    private static final int ROOM_BYTES = 8192;
    static final int POSITION_OFFSET = 8;
    static final int LENGTH_OFFSET = 16;
    static final int NAME_OFFSET = 19;

    private DirectoryNames() {}

    /**
     * Goes on where the folder was read to, and reads it to its end.
     *
     * @param fdFolder open for reading
     * @param beginning in ASCII; a name that goes on in anything else is left out
     */
    public static List<String> beginningWith(int fdFolder, String beginning) throws ErrnoException {
        List<String> names = new ArrayList<>(0);
        NativeMemory entries = ScratchMemory.take(ROOM_BYTES);
        try {
            for (int length = read(fdFolder, entries); length > 0; length = read(fdFolder, entries)) {
                for (int at = 0; at < length; at += entries.buffer().getShort(at + LENGTH_OFFSET)) {
                    addIfWanted(entries.buffer(), at + NAME_OFFSET, beginning, names);
                }
            }
        } finally {
            ScratchMemory.giveBack(entries);
        }
        return names;
    }

    private static int read(int fdFolder, NativeMemory entries) throws ErrnoException {
        return read(fdFolder, entries, ROOM_BYTES);
    }

    /** Returns how many bytes of entries were read: 0 at the end. */
    static int read(int fdFolder, NativeMemory entries, int roomBytes) throws ErrnoException {
        int length = Native.sp_getdents64(fdFolder, entries.address(), roomBytes);
        if (length < 0) {
            throw new ErrnoException(length, "getdents64(fd=" + fdFolder + ")");
        }
        return length;
    }

    private static void addIfWanted(ByteBuffer entries, int start, String beginning, List<String> names) {
        for (int i = 0; i < beginning.length(); i++) {
            if (entries.get(start + i) != beginning.charAt(i)) { // a shorter name ends with NUL, which differs
                return;
            }
        }
        StringBuilder name = new StringBuilder(beginning);
        for (int at = start + beginning.length(); entries.get(at) != 0; at++) {
            if (entries.get(at) < 0) {
                return;
            }
            name.append((char) entries.get(at));
        }
        names.add(name.toString());
    }
}
