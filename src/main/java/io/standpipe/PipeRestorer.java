// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.DescriptorCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Flags;
import io.standpipe.image.Image;
import io.standpipe.objhash.ObjectType;
import io.standpipe.objhash.ObjrefTable;

/**
 * Restores open file descriptions of anonymous pipes ("c/r" v18 46/80, pipe_file_restore): at the first meeting of a pipe
 * it is made and filled, and the end that is not wanted yet waits under the pipe's objref for whoever claims it.
 */
final class PipeRestorer implements FileRestorer {

    private static final int SETTABLE =
            Flags.O_APPEND | Flags.O_NONBLOCK | Flags.O_ASYNC | Flags.O_NOATIME | Flags.oDirect();

    private final ObjrefTable<RestoringPipe> waiting = new ObjrefTable<>();
    private final PipeContents contents;

    PipeRestorer(ImageInput image, boolean copying) {
        contents = new PipeContents(image, copying);
    }

    @Override
    public Fd restore(Image.Description description) throws StandpipeException {
        String what = "pipe " + description.pipe().objref();
        try {
            RestoringPipe pipe = waiting.fetch(ObjectType.INODE, description.pipe().objref());
            if (pipe == null) {
                pipe = make(description.pipe(), what);
            }
            Fd end = pipe.claim(description.file().accessMode());
            setFlags(end, description.file().flags() & SETTABLE);
            return end;
        } catch (ErrnoException e) {
            throw Failure.of(what, e);
        }
    }

    private RestoringPipe make(Image.Pipe saved, String what) throws StandpipeException, ErrnoException {
        int wanted = roomBytes(saved, what);
        RestoringPipe pipe = RestoringPipe.create();
        waiting.insert(ObjectType.INODE, saved.objref(), pipe);
        Limits.setCapacity(pipe.writeEnd(), wanted, what);
        contents.fill(pipe.writeEnd(), saved);
        return pipe;
    }

    /**
     * The capacity to give a pipe. More than was saved only where the bytes need it: they sat in slots larger than a page,
     * as a splice from a socket makes them.
     */
    private static int roomBytes(Image.Pipe saved, String what) throws StandpipeException {
        long pages = (saved.payloadBytes() + HostPage.SIZE_BYTES - 1) / HostPage.SIZE_BYTES;
        if (pages > Integer.MAX_VALUE / 2 / HostPage.SIZE_BYTES) {
            throw new ImageRefusedException(what + ": its " + saved.payloadBytes() + " bytes fit no pipe");
        }
        int room = (int) pages * HostPage.SIZE_BYTES;
        return room <= saved.capacityBytes() ? saved.capacityBytes() : Integer.highestOneBit(2 * room - 1);
    }

    private static void setFlags(Fd end, int flags) throws ErrnoException {
        if (flags == 0) {
            return;
        }
        boolean set = false;
        try {
            DescriptorCalls.setStatusFlags(end.number(), flags);
            set = true;
        } finally {
            if (!set) {
                end.close();
            }
        }
    }

    @Override
    public void close() {
        waiting.forEach(RestoringPipe::close);
    }
}
