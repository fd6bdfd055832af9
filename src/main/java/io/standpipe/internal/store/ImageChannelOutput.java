// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.PacketReader;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.WaitLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An image written to a channel below which there is no fd: payload goes through one buffer. */
public final class ImageChannelOutput implements ImageOutput, AutoCloseable {

    private static final int MEMORY_BYTES = 65_536;
    /** Between looks at a channel that does not block. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final WritableByteChannel channel;
    private final String name;
    private final WaitLimit limit;
    private boolean failed;
    private @Nullable NativeMemory records;
    private @Nullable NativeMemory payload;
    private @Nullable PacketReader packets;

    /** @param channel stays the caller's to close */
    public ImageChannelOutput(WritableByteChannel channel, String name, WaitLimit limit) {
        this.channel = channel;
        this.name = name;
        this.limit = limit;
    }

    @Override
    public ByteBuffer allocate(int sizeBytes) {
        if (records == null || records.sizeBytes() < sizeBytes) {
            records = NativeMemory.nativeOrder(Math.max(sizeBytes, MEMORY_BYTES));
        }
        return records.buffer();
    }

    @Override
    public void write(long offsetBytes, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            limit.checkBetween(name);
            if (!writeSome(bytes)) {
                limit.pause(PAUSE_NANOS, name);
            }
        }
    }

    /** Returns whether the channel took anything. After a failure it is left alone: what it does then is anybody's guess. */
    private boolean writeSome(ByteBuffer bytes) throws IOException {
        if (failed) {
            throw new StandpipeException(name + ": it has failed before");
        }
        int before = bytes.remaining();
        failed = true;
        int written = channel.write(bytes);
        if (written < 0 || written != before - bytes.remaining()) {
            throw new StandpipeException(name + ": its write returned " + written + " and took " + (before - bytes.remaining())
                    + " of " + before + " bytes");
        }
        failed = false;
        return written > 0;
    }

    @Override
    public void splice(int pipe, long lengthBytes, boolean hasPackets) throws IOException {
        for (long left = lengthBytes; left > 0; ) {
            int read = hasPackets ? readPacket(pipe, left) : read(pipe, left);
            if (read <= 0) {
                throw new StandpipeException(name + ": what was to be sent ended " + left + " bytes short");
            }
            left -= read;
        }
    }

    private int read(int pipe, long mostBytes) throws IOException {
        if (payload == null) {
            payload = NativeMemory.nativeOrder(MEMORY_BYTES);
        }
        int read = (int) PipeCalls.read(pipe, payload, 0, Math.min(mostBytes, MEMORY_BYTES));
        send(payload, read);
        return read;
    }

    private int readPacket(int pipe, long mostBytes) throws IOException {
        if (packets == null) {
            packets = new PacketReader();
        }
        int read = packets.next(pipe, mostBytes);
        send(packets.memory(), read);
        return read;
    }

    private void send(NativeMemory memory, int lengthBytes) throws IOException {
        write(0, memory.buffer().duplicate().clear().limit(Math.max(0, lengthBytes)));
    }

    @Override
    public void close() {
        if (packets != null) {
            packets.close();
        }
    }
}
