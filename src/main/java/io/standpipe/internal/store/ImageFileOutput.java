// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an image file, written from the beginning to the end. From the second payload on, records and payloads are
 * gathered in a {@link StagingPipe}; a payload that would fill most of that pipe goes to the file directly.
 */
public final class ImageFileOutput implements ImageOutput, AutoCloseable {

    /** Room for less is not worth the call that reserves it. */
    private static final int RESERVED_FROM_BYTES = 1 << 17;

    private static final int DIRECT_FROM_BYTES = StagingPipe.CAPACITY_BYTES / 2;

    /** The kernel writes pieces of this size to the medium while more is gathered; smaller ones would be written twice. */
    private static final int WRITE_BACK_BYTES = StagingPipe.CAPACITY_BYTES / 2;

    private final Fd file;
    private final String name;
    private @Nullable NativeMemory memory;
    private @Nullable StagingPipe stage;
    private boolean stageRefused;
    private boolean hasPayload;
    private long lengthBytes;
    private long writeBackBytes;

    /**
     * @param file stays the caller's to close
     * @param name of the image in messages
     */
    ImageFileOutput(Fd file, String name) {
        this.file = file;
        this.name = name;
    }

    @Override
    public ByteBuffer allocate(int sizeBytes) {
        ScratchMemory.giveBack(memory);
        memory = ScratchMemory.take(sizeBytes);
        return memory.buffer();
    }

    @Override
    public void write(long offsetBytes, ByteBuffer bytes) throws StandpipeException {
        try {
            while (bytes.hasRemaining()) {
                bytes.position(bytes.position() + (int) write(bytes.position(), bytes.remaining()));
            }
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        }
    }

    /** Writes from the memory; returns the bytes written, 0 if it is to be tried again. */
    private long write(int from, int length) throws StandpipeException, ErrnoException {
        NativeMemory source = Objects.requireNonNull(memory);
        if (stage == null) {
            long written = FileCalls.write(file.number(), lengthBytes, source, from, length);
            advance(written, length);
            return written;
        }
        long staged = stage.write(source, from, length);
        if (staged == 0) {
            drain();
        }
        return staged;
    }

    @Override
    public void splice(int pipe, long payloadBytes) throws StandpipeException {
        try {
            StagingPipe open = payloadBytes < DIRECT_FROM_BYTES ? openStage() : null;
            if (open != null) {
                toStage(pipe, payloadBytes, open);
            } else {
                drain();
                toFile(pipe, payloadBytes);
                hasPayload = true;
            }
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        }
    }

    /** Opens the stage for the second payload, since many images have but one. */
    private @Nullable StagingPipe openStage() {
        if (stage == null && hasPayload && !stageRefused) {
            try {
                stage = new StagingPipe();
            } catch (IOException e) {
                // A limit on pipes or fds: then every payload goes to the file by itself.
                stageRefused = true;
            }
        }
        return stage;
    }

    private void toStage(int pipe, long payloadBytes, StagingPipe open) throws StandpipeException, ErrnoException {
        for (long left = payloadBytes; left > 0; ) {
            long staged = open.splice(pipe, left);
            if (staged == 0) {
                if (open.stagedBytes() == 0) {
                    throw shortTransfer(left);
                }
                drain();
            }
            left -= staged;
        }
    }

    private void drain() throws StandpipeException, ErrnoException {
        if (stage != null && stage.stagedBytes() > 0) {
            long bytes = stage.stagedBytes();
            toFile(stage.drain(), bytes);
        }
    }

    private void toFile(int pipe, long bytes) throws StandpipeException, ErrnoException {
        reserve(bytes);
        for (long left = bytes; left > 0; ) {
            long moved = Pipes.splice(pipe, Pipes.NO_OFFSET, file.number(), lengthBytes, left, SPLICE_F_NONBLOCK);
            advance(moved, left);
            left -= moved;
        }
        startWriteBack();
    }

    private void reserve(long bytes) throws StandpipeException {
        try {
            if (bytes >= RESERVED_FROM_BYTES) {
                FileCalls.reserve(file.number(), lengthBytes, bytes);
            }
        } catch (ErrnoException e) {
            throw Failures.of(name + ": no room for " + bytes + " bytes more", e);
        }
    }

    /** Leaves out the last page if it is not full: more will be written to it. */
    private void startWriteBack() {
        long wholePagesBytes = lengthBytes - lengthBytes % PageSize.SIZE_BYTES;
        if (wholePagesBytes - writeBackBytes >= WRITE_BACK_BYTES) {
            FileCalls.startSync(file.number(), writeBackBytes, wholePagesBytes - writeBackBytes);
            writeBackBytes = wholePagesBytes;
        }
    }

    private void advance(long movedBytes, long wantedBytes) throws StandpipeException {
        if (movedBytes <= 0) {
            throw shortTransfer(wantedBytes);
        }
        lengthBytes += movedBytes;
    }

    private StandpipeException shortTransfer(long left) {
        return new StandpipeException(
                name + ": transfer at offset " + lengthBytes + " fell " + left + " bytes short (EPIPE)");
    }

    /** Moves all that is gathered to the file. */
    void finish() throws StandpipeException {
        try {
            drain();
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        }
    }

    @Override
    public void close() {
        if (stage != null) {
            stage.close();
        }
        ScratchMemory.giveBack(memory);
        memory = null;
    }
}
