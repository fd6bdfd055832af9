// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.internal.sys.NativeMemory;
import java.io.IOException;

/** Where an image comes from, in its order. */
public interface ImageInput extends AutoCloseable {

    /** In place of a length: nothing can be moved without a copy at this point. */
    long NO_SPLICE = -1;

    /**
     * Reads bytes into memory. Waits for the first of them.
     *
     * @param length the most bytes to read, above 0
     * @return the bytes read, 0 at the end
     */
    int read(NativeMemory memory, int from, int length) throws IOException;

    /**
     * Moves bytes to a file without a copy. Waits for the first of them.
     *
     * @return the bytes moved, 0 at the end, or {@link #NO_SPLICE}
     */
    long splice(int fdFile, long offsetBytes, long mostBytes) throws IOException;

    /** Returns its name in messages. */
    @Override
    String toString();

    @Override
    void close();
}
