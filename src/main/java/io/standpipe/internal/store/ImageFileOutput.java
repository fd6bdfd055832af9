// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.Durability;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an image file, written from the beginning to the end. From the second payload on, records and payloads are
 * gathered in a large pipe, the stage, and go to the file together: a file takes one large write faster than many small ones,
 * and payload still does not enter user space. A payload that would fill most of the stage goes to the file directly.
 */
public final class ImageFileOutput implements ImageOutput, AutoCloseable {

    /** Room for less is not worth the call that reserves it. */
    private static final int RESERVED_FROM_BYTES = 1 << 17;

    /** What any user may have in a pipe, unless the administrator says otherwise. */
    private static final int STAGE_BYTES = 1 << 20;

    private static final int DIRECT_FROM_BYTES = STAGE_BYTES / 2;

    /** The kernel writes pieces of this size to the medium while more is gathered; smaller ones would be written twice. */
    private static final int WRITE_BACK_BYTES = STAGE_BYTES / 2;

    private final Fd file;
    private final boolean writingBack;
    private final String name;
    private @Nullable NativeMemory memory;
    private @Nullable PipeEnds stage;
    private long stagedBytes;
    private boolean stageRefused;
    private boolean hasPayload;
    private long lengthBytes;
    private long writeBackBytes;

    /**
     * @param file stays the caller's to close
     * @param durability of the image: one that is to be on the medium is written there early
     * @param name of the image in messages
     */
    ImageFileOutput(Fd file, Durability durability, String name) {
        this.file = file;
        writingBack = durability != Durability.NONE;
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

    /** Writes from the memory; returns the bytes written, 0 if the stage was full. */
    private long write(int from, int length) throws StandpipeException, ErrnoException {
        NativeMemory source = Objects.requireNonNull(memory);
        if (stage == null) {
            long written = FileCalls.write(file.number(), lengthBytes, source, from, length);
            if (written <= 0) {
                throw shortTransfer(length);
            }
            lengthBytes += written;
            return written;
        }
        return staged(FileCalls.write(stage.writeFd(), source, from, length));
    }

    @Override
    public void splice(int pipe, long payloadBytes, boolean hasPackets) throws StandpipeException {
        try {
            PipeEnds open = payloadBytes < DIRECT_FROM_BYTES ? openStage() : null;
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
    private @Nullable PipeEnds openStage() {
        if (stage == null && hasPayload && !stageRefused) {
            try {
                stage = Pipes.pipe2(PipeFlags.O_CLOEXEC | PipeFlags.O_NONBLOCK, STAGE_BYTES);
            } catch (ErrnoException e) {
                // A limit on pipes or fds: then every payload goes to the file by itself.
                stageRefused = true;
            }
        }
        return stage;
    }

    private void toStage(int pipe, long payloadBytes, PipeEnds open) throws StandpipeException, ErrnoException {
        for (long left = payloadBytes; left > 0; ) {
            boolean empty = stagedBytes == 0;
            long staged = staged(Pipes.splice(pipe, open.writeFd(), left, SPLICE_F_NONBLOCK));
            if (staged == 0 && empty) {
                throw shortTransfer(left);
            }
            left -= staged;
        }
    }

    /** Counts what the stage took; empties the stage if it was full. */
    private long staged(long taken) throws StandpipeException, ErrnoException {
        if (taken <= 0) {
            drain();
            return 0;
        }
        stagedBytes += taken;
        return taken;
    }

    private void drain() throws StandpipeException, ErrnoException {
        if (stage != null && stagedBytes > 0) {
            toFile(stage.readFd(), stagedBytes);
            stagedBytes = 0;
        }
    }

    private void toFile(int pipe, long bytes) throws StandpipeException, ErrnoException {
        reserve(bytes);
        long moved = PipePair.moveAll(pipe, file.number(), lengthBytes, bytes);
        lengthBytes += moved;
        if (moved < bytes) {
            throw shortTransfer(bytes - moved);
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
        if (writingBack && wholePagesBytes - writeBackBytes >= WRITE_BACK_BYTES) {
            FileCalls.startSync(file.number(), writeBackBytes, wholePagesBytes - writeBackBytes);
            writeBackBytes = wholePagesBytes;
        }
    }

    private StandpipeException shortTransfer(long left) {
        return new StandpipeException(
                name + ": transfer at offset " + lengthBytes + " fell " + left + " bytes short");
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
