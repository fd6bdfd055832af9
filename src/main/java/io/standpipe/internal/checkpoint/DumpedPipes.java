// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.CheckpointReport;
import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.store.ImageOutput;
import io.standpipe.internal.store.PayloadSource;
import io.standpipe.internal.store.ProgressTracker;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.PageSize;
import io.standpipe.internal.sys.WaitLimit;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pipes that another program has saved, to be written as an image.
 *
 * @param origin when and where that was
 * @param source the processes, the pipes and what was queued in them; the caller closes it
 * @param notes for the report
 */
public record DumpedPipes(Image.Origin origin, PayloadSource source, List<String> notes) {

    /** Writes an image. */
    public CheckpointReport writeTo(ImageTarget target) throws StandpipeException {
        try (ImageTarget.Opened opened = target.opener().open()) {
            ImageSaver saver = new ImageSaver(
                    origin, source.processes(), Contents::new, Leaks.UNKNOWN, notes, () -> Duration.ZERO, ProgressTracker.NONE, WaitLimit.NONE);
            return opened.take(saver, false);
        }
    }

    /** Moves what is in the source through a pipe, since a splice has a pipe at one side. */
    private final class Contents extends PipeContents {

        private Image.@Nullable Pipe current;

        @Override
        int pipes() {
            return source.pipes().size();
        }

        @Override
        long queuedBytes() {
            return source.pipes().values().stream().mapToLong(Image.Pipe::payloadBytes).sum();
        }

        @Override
        Image.Pipe cloneOf(int objref) throws StandpipeException {
            Image.Pipe pipe = source.pipe(objref);
            source.begin(pipe);
            current = pipe;
            return pipe;
        }

        @Override
        void moveTo(ImageOutput output, long lengthBytes, boolean hasPackets) throws IOException {
            long offset = Objects.requireNonNull(current).payloadOffsetBytes();
            try (PipePair passage = PipePair.open()) {
                // Bytes that do not begin at a page take a slot more.
                long most = Math.max(PageSize.SIZE_BYTES, Pipes.capacityBytes(passage.writeFd()) - PageSize.SIZE_BYTES);
                for (long done = 0; done < lengthBytes; ) {
                    long piece = Math.min(most, lengthBytes - done);
                    source.splice(passage.writeFd(), offset + done, piece);
                    output.splice(passage.readFd(), piece, hasPackets);
                    done += piece;
                }
            } catch (ErrnoException e) {
                throw Failures.of(source.toString(), e);
            }
        }
    }
}
