// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.store;

import static io.standpipe.pipe.PipeFlags.SPLICE_F_NONBLOCK;

import io.standpipe.Image;
import io.standpipe.ImageRefusedException;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.ImageReader;
import io.standpipe.internal.format.MalformedImageException;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.PathFailures;
import io.standpipe.internal.sys.ScratchMemory;
import io.standpipe.internal.sys.Stat;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An image file. It is examined before it is opened, and no link at its name is followed: a process at the other end of a FIFO
 * notices nothing, and neither does a device that reacts to being opened.
 */
public final class ImageFileSource implements ImageReader.Source, PayloadSource {

    private final String name;
    private Fd file;
    private final long sizeBytes;
    private @Nullable NativeMemory memory;
    private Map<Integer, Image.Pipe> pipes = Map.of();

    private ImageFileSource(String name, Fd file, long sizeBytes) {
        this.name = name;
        this.file = file;
        this.sizeBytes = sizeBytes;
    }

    /** Opens a regular file. */
    public static ImageFileSource open(Path path) throws StandpipeException {
        NativeLibrary.require();
        String name = "image " + path;
        try (Fd unopened = FileCalls.open(
                FileCalls.CURRENT_DIRECTORY, path.toString(), Flags.O_PATH | Flags.oNoFollow(), 0)) {
            Stat stat = Stat.of(unopened.number());
            if (stat.isLink()) {
                throw new ImageRefusedException(name + ": a symbolic link"
                        + (Files.exists(path) ? "; name the file it leads to" : " that leads to no file"));
            }
            if (!stat.isRegular()) {
                throw new ImageRefusedException(name + ": " + stat.kind() + ", not a regular file");
            }
            Fd file = FileCalls.reopen(unopened.number(), Flags.O_RDONLY | Flags.O_NONBLOCK);
            return new ImageFileSource(name, file, stat.sizeBytes());
        } catch (ErrnoException e) {
            throw PathFailures.reading(name, path, e);
        }
    }

    /** Receives an image into a file in memory. */
    public static ImageFileSource receive(ImageInput input, ProgressTracker progress) throws StandpipeException {
        NativeLibrary.require();
        return own(StreamReceiver.receive(input, progress), input.toString());
    }

    /** Returns a source of the image in a file in memory; the source closes the file. */
    static ImageFileSource own(Fd file, String name) throws StandpipeException {
        boolean owned = false;
        try {
            long sizeBytes = Stat.of(file.number()).sizeBytes();
            owned = true;
            return new ImageFileSource(name, file, sizeBytes);
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        } finally {
            if (!owned) {
                file.close();
            }
        }
    }

    /** Reads and checks the whole image, and returns it as an image of this machine. */
    public Image check() throws StandpipeException {
        try {
            return ArchFlags.translated(ImageReader.read(this));
        } catch (MalformedImageException e) {
            throw new ImageRefusedException(
                    name + ": " + (e.isNoImage() ? e.problem() : "damaged or cut short: " + e.getMessage()), e);
        } catch (IOException e) {
            throw Failures.of(name, e);
        }
    }

    /** Reads and checks the whole image, and returns its records. */
    public List<Image.RecordEntry> records() throws StandpipeException {
        check();
        try {
            return ImageReader.records(this);
        } catch (IOException e) {
            throw Failures.of(name, e);
        }
    }

    @Override
    public List<Image.Process> processes() throws StandpipeException {
        Image image = check();
        pipes = image.pipes();
        return image.processes();
    }

    @Override
    public Map<Integer, Image.Pipe> pipes() {
        return pipes;
    }

    @Override
    public void freeFdsTo(int highest) throws ErrnoException {
        if (file.number() <= highest) {
            Fd former = file;
            file = FdCalls.duplicateFrom(former.number(), highest + 1);
            former.close();
        }
    }

    @Override
    public void begin(Image.Pipe pipe) {}

    @Override
    public void splice(int pipe, long offsetBytes, long lengthBytes) throws StandpipeException, ErrnoException {
        long offset = offsetBytes;
        long left = lengthBytes;
        while (left > 0) {
            long moved = Pipes.splice(file.number(), offset, pipe, Pipes.NO_OFFSET, left, SPLICE_F_NONBLOCK);
            if (moved == 0) {
                throw shortImage(offset, left);
            }
            if (moved < 0) {
                throw new StandpipeException("pipe took all but " + left + " bytes");
            }
            offset += moved;
            left -= moved;
        }
    }

    /** Splices by way of a pipe, since a splice has a pipe at one side. */
    @Override
    public void send(long offsetBytes, long lengthBytes, FdSink sink) throws StandpipeException {
        try (PipePair passage = PipePair.open()) {
            long most = Math.max(PageSize.SIZE_BYTES, Pipes.capacityBytes(passage.writeFd()) - PageSize.SIZE_BYTES);
            for (long done = 0; done < lengthBytes; ) {
                long moved = Math.min(most, lengthBytes - done);
                splice(passage.writeFd(), offsetBytes + done, moved);
                sink.splice(passage.readFd(), moved);
                done += moved;
            }
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        if (memory == null || memory.sizeBytes() < bytes) {
            ScratchMemory.giveBack(memory);
            memory = ScratchMemory.take(bytes);
        }
        return memory.buffer();
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws StandpipeException {
        read(offsetBytes, Objects.requireNonNull(memory), into.limit());
    }

    @Override
    public void read(long offsetBytes, NativeMemory into, int lengthBytes) throws StandpipeException {
        try {
            for (int done = 0; done < lengthBytes; ) {
                long read = FileCalls.read(file.number(), offsetBytes + done, into, done, lengthBytes - done);
                if (read == 0) {
                    throw shortImage(offsetBytes + done, lengthBytes - done);
                }
                done += (int) read;
            }
        } catch (ErrnoException e) {
            throw Failures.of(name, e);
        }
    }

    private ImageRefusedException shortImage(long offset, long left) {
        return new ImageRefusedException(
                name + ": it ended at offset " + offset + " while being read, " + left + " bytes short");
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        file.close();
        ScratchMemory.giveBack(memory);
        memory = null;
    }
}
