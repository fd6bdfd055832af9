// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.util.HashMap;
import java.util.Map;

/**
 * The object hash of a checkpoint: gives every object that it meets an objref, the same one each time.
 *
 * <p>Objrefs count up from 1, in one numbering for all types, and are never reused ("c/r" series, v18 30/80). An object is known by
 * its type and two full 64-bit words: a pipe by {@code st_dev} and {@code st_ino}, for example.
 */
public final class ObjectHash {

    /** What an objref can stand for. */
    public enum Type {
        /** A pipe: the inode with two ends and a buffer. */
        INODE,
        /** A process's table of fds. */
        FILE_TABLE,
        /** An open file description. */
        FILE
    }

    private record Key(Type type, long word1, long word2) {

        /** Written by hand: JDK 17 never unloads the class of a record that generated code has compared. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Key
                    && ((Key) other).type == type
                    && ((Key) other).word1 == word1
                    && ((Key) other).word2 == word2;
        }

        @Override
        public int hashCode() {
            return 31 * (31 * Long.hashCode(word1) + Long.hashCode(word2)) + type.ordinal();
        }
    }

    private final Map<Key, Integer> objrefs = new HashMap<>();
    private int size;

    /**
     * Returns the objref of an object. It is new, and equal to {@link #size()}, if the object is met for the first time.
     *
     * @return a positive number
     */
    public int lookupAdd(Type type, long word1, long word2) {
        Integer known = objrefs.putIfAbsent(new Key(type, word1, word2), size + 1);
        return known == null ? add() : known;
    }

    /** Returns the objref of an object that is met for the first time and never looked up: what it is, only the kernel can compare. */
    public int add() {
        return ++size;
    }

    /** Returns how many objects have been met, which is also the highest objref given out. */
    public int size() {
        return size;
    }
}
