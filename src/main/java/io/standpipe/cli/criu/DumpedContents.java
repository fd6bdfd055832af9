// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.store.ImageFileSource;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.pipe.ErrnoException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bytes that were queued in the pipes of a dump, from {@code pipes-data.img} and {@code fifo-data.img}: they move by splice. */
public final class DumpedContents implements PayloadSource {

    private final CriuDump dump;
    private final Image image;
    private @Nullable ImageFileSource file;

    /** @param image made from the dump */
    public DumpedContents(CriuDump dump, Image image) {
        this.dump = dump;
        this.image = image;
    }

    @Override
    public List<Image.Process> processes() {
        return image.processes();
    }

    @Override
    public Map<Integer, Image.Pipe> pipes() {
        return image.pipes();
    }

    @Override
    public void begin(Image.Pipe pipe) throws StandpipeException {
        close();
        if (pipe.payloadBytes() > 0) {
            String name = CriuDump.contentsFile(new CriuDump.PipeId(pipe.isFifo(), 0));
            file = ImageFileSource.open(dump.directory().resolve(name));
        }
    }

    private ImageFileSource file() {
        if (file == null) {
            throw new IllegalStateException("the pipe has no contents");
        }
        return file;
    }

    @Override
    public void splice(int pipe, long offsetBytes, long lengthBytes) throws StandpipeException, ErrnoException {
        file().splice(pipe, offsetBytes, lengthBytes);
    }

    @Override
    public void read(long offsetBytes, NativeMemory into, int lengthBytes) throws StandpipeException {
        file().read(offsetBytes, into, lengthBytes);
    }

    @Override
    public void send(long offsetBytes, long lengthBytes, FdSink sink) throws StandpipeException {
        if (lengthBytes > 0) {
            file().send(offsetBytes, lengthBytes, sink);
        }
    }

    @Override
    public String toString() {
        return dump.directory().toString();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
