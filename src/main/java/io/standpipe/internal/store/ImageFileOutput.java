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
import java.nio.ByteBuffer;

/**
 * What is in an image file, written from its beginning to its end. From the second payload on records and payloads are
 * gathered in a {@link StagingPipe}; a payload that would fill most of it goes to the file directly.
 */
public final class ImageFileOutput implements ImageOutput, AutoCloseable {

    /** Less is not worth the call that reserves its room. */
    private static final int RESERVED_FROM_BYTES = 1 << 17;

    private static final int DIRECT_FROM_BYTES = StagingPipe.CAPACITY_BYTES / 2;

    /** The medium is to write while more is gathered; less would be more calls, and more pages written twice. */
    private static final int STARTED_FROM_BYTES = StagingPipe.CAPACITY_BYTES / 2;

    private final Fd file;
    private final String what;
    private NativeMemory memory;
    private StagingPipe stage;
    private boolean hasPayload;
    private boolean wantsStage = true;
    private long lengthBytes;
    private boolean canReserve = true;
    private long startedBytes;
    private boolean canStart = true;

    /** @param what names the image in messages */
    ImageFileOutput(Fd file, String what) {
        this.file = file;
        this.what = what;
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
                int at = bytes.position();
                long taken;
                if (stage != null) {
                    taken = stage.write(memory, at, bytes.remaining());
                    if (taken == 0) {
                        drain();
                    }
                } else {
                    taken = FileCalls.write(file.number(), lengthBytes, memory, at, bytes.remaining());
                    wrote(taken, bytes.remaining());
                }
                bytes.position(at + (int) taken);
            }
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        }
    }

    @Override
    public void splice(int pipe, long payloadBytes) throws StandpipeException {
        try {
            if (payloadBytes < DIRECT_FROM_BYTES && isStageOpen()) {
                toStage(pipe, payloadBytes);
            } else {
                drain();
                toFile(pipe, payloadBytes);
                hasPayload = true;
            }
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
        }
    }

    /** Opened for the second payload: often there is but one. */
    private boolean isStageOpen() {
        if (stage == null && hasPayload && wantsStage) {
            wantsStage = false;
            try {
                stage = StagingPipe.open();
            } catch (StandpipeException e) {
                // A limit on pipes or descriptors: then every payload goes to the file by itself.
                return false;
            }
        }
        return stage != null;
    }

    private void toStage(int pipe, long payloadBytes) throws StandpipeException, ErrnoException {
        for (long left = payloadBytes; left > 0; ) {
            long taken = stage.splice(pipe, left);
            if (taken == 0) {
                if (stage.stagedBytes() == 0) {
                    throw shortTransfer(left);
                }
                drain();
            }
            left -= taken;
        }
    }

    private void drain() throws StandpipeException, ErrnoException {
        if (stage != null && stage.stagedBytes() > 0) {
            toFile(stage.readEnd(), stage.stagedBytes());
            stage.emptied();
        }
    }

    /** Moves bytes from a pipe to the end of the file, their room being reserved first. */
    private void toFile(int pipe, long bytes) throws StandpipeException, ErrnoException {
        reserve(bytes);
        for (long left = bytes; left > 0; ) {
            long moved = Pipes.splice(pipe, Pipes.NO_OFFSET, file.number(), lengthBytes, left, SPLICE_F_NONBLOCK);
            wrote(moved, left);
            left -= moved;
        }
        startSync();
    }

    /** Up to the page that more will be written to. */
    private void startSync() {
        long whole = lengthBytes - lengthBytes % PageSize.SIZE_BYTES;
        if (canStart && whole - startedBytes >= STARTED_FROM_BYTES) {
            canStart = FileCalls.startSync(file.number(), startedBytes, whole - startedBytes);
            startedBytes = whole;
        }
    }

    private void reserve(long bytes) throws StandpipeException {
        if (!canReserve || bytes < RESERVED_FROM_BYTES) {
            return;
        }
        try {
            canReserve = FileCalls.reserve(file.number(), lengthBytes, bytes);
        } catch (ErrnoException e) {
            throw Failures.of(what + ": no room for " + bytes + " bytes more", e);
        }
    }

    private void wrote(long moved, long wanted) throws StandpipeException {
        if (moved <= 0) {
            throw shortTransfer(wanted);
        }
        lengthBytes += moved;
    }

    private StandpipeException shortTransfer(long left) {
        return new StandpipeException(
                what + ": transfer at offset " + lengthBytes + " fell " + left + " bytes short (EPIPE)");
    }

    /** Lets all that was gathered go to the file. */
    void finish() throws StandpipeException {
        try {
            drain();
        } catch (ErrnoException e) {
            throw Failures.of(what, e);
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
