// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.internal.sys.NativeMemory;
import java.io.IOException;

/** An image of which a stream has read the beginning ahead: that comes from the stream, and the rest from the fd below it. */
public final class BufferedInput implements ImageInput {

    private final ImageInput stream;
    private final ImageInput rest;
    private int bufferedBytes;

    /**
     * @param bufferedBytes that are to be read from the stream
     * @param rest is closed with this input
     */
    public BufferedInput(ImageInput stream, int bufferedBytes, ImageInput rest) {
        this.stream = stream;
        this.bufferedBytes = bufferedBytes;
        this.rest = rest;
    }

    @Override
    public int read(NativeMemory memory, int from, int length) throws IOException {
        if (bufferedBytes == 0) {
            return rest.read(memory, from, length);
        }
        int read = stream.read(memory, from, Math.min(length, bufferedBytes));
        bufferedBytes -= read;
        return read;
    }

    @Override
    public long splice(int fdFile, long offsetBytes, long mostBytes) throws IOException {
        return bufferedBytes == 0 ? rest.splice(fdFile, offsetBytes, mostBytes) : NO_SPLICE;
    }

    @Override
    public String toString() {
        return rest.toString();
    }

    @Override
    public void close() {
        rest.close();
    }
}
