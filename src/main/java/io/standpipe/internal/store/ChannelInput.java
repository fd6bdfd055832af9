// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.WaitLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.TimeUnit;

/** An image that comes through a channel below which there is no fd: what is read is copied once. */
public final class ChannelInput implements ImageInput {

    /** Between looks at a channel that does not block. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReadableByteChannel channel;
    private final String name;
    private final WaitLimit limit;

    /** @param channel stays the caller's to close */
    public ChannelInput(ReadableByteChannel channel, String name, WaitLimit limit) {
        this.channel = channel;
        this.name = name;
        this.limit = limit;
    }

    @Override
    public int read(NativeMemory memory, int from, int length) throws IOException {
        ByteBuffer into = memory.buffer().duplicate().clear().position(from).limit(from + length);
        while (true) {
            limit.checkBetween(name);
            int read = channel.read(into);
            if (read > 0 && read != into.position() - from) {
                throw new StandpipeException(name + ": its read returned " + read + " and gave " + (into.position() - from) + " bytes");
            }
            if (read != 0) {
                return Math.max(0, read);
            }
            limit.pause(PAUSE_NANOS, name);
        }
    }

    @Override
    public long splice(int fdFile, long offsetBytes, long mostBytes) {
        return NO_SPLICE;
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {}
}
