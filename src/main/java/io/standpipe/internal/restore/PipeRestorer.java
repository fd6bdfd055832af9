// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.FileRecord;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.ObjectType;
import io.standpipe.internal.format.ObjrefTable;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;




import java.util.ArrayList;
import java.util.List;

/**
 * Restores open file descriptions of pipes, anonymous ones or FIFOs ("c/r" v18 46/80, pipe_file_restore; 47/80): at the
 * first meeting of a pipe it is made and filled, and its ends wait under the pipe's objref for whoever claims them.
 */
public final class PipeRestorer implements FileRestorer {

    /** What a kind of pipe has of its own. */
    interface Maker {

        /** A pipe without contents, for the description that it is met with. */
        PipeEnds make(Image.Description description) throws StandpipeException, ErrnoException;
    }

    private static final int SETTABLE = Flags.O_APPEND | Flags.O_NONBLOCK | Flags.O_NOATIME | Flags.oDirect();

    private final List<PipeEnds> met = new ArrayList<>();
    private final ObjrefTable<Object> objects;
    private final Maker maker;
    private final PipeFiller contents;
    private final InodeAttributes inode;
    private final Deviations deviations;

    /** @param objects of the whole restore: a pipe waits there under its objref for whoever comes next */
    PipeRestorer(Maker maker, PipeFiller contents, ObjrefTable<Object> objects, Deviations deviations) {
        this.maker = maker;
        this.contents = contents;
        this.objects = objects;
        this.deviations = deviations;
        inode = new InodeAttributes(deviations);
    }

    @Override
    public Fd restore(Image.Description description) throws StandpipeException {
        Image.Pipe pipe = description.pipe();
        try {
            PipeEnds ends = (PipeEnds) objects.fetch(ObjectType.INODE, pipe.objref());
            boolean first = ends == null;
            if (first) {
                SlotPlan.check(pipe, deviations);
                ends = makeFilled(description);
                met.add(ends);
                objects.insert(ObjectType.INODE, pipe.objref(), ends);
            }
            Fd end = ends.claim(description.file());
            boolean flagged = false;
            try {
                setFlags(end, description);
                if (first) {
                    inode.noteEnd(ends, pipe, end);
                }
                flagged = true;
                return end;
            } finally {
                if (!flagged) {
                    end.close();
                }
            }
        } catch (ErrnoException e) {
            throw Failures.of("pipe " + pipe.objref(), e);
        }
    }

    private PipeEnds makeFilled(Image.Description description) throws StandpipeException, ErrnoException {
        if (description.pipe().fileType() == FileRecord.TYPE_PIPE && contents.showCapacity(description.pipe())) {
            try {
                return makeFilled(description, false);
            } catch (StandpipeException e) {
                // It may be that the pipe was too small: then giving it its capacity tells what is in the way.
            }
        }
        return makeFilled(description, true);
    }

    private PipeEnds makeFilled(Image.Description description, boolean givingCapacity)
            throws StandpipeException, ErrnoException {
        PipeEnds ends = maker.make(description);
        boolean filled = false;
        try {
            if (givingCapacity) {
                CapacityRestorer.restore(ends.writeEnd(), description.pipe(), deviations);
            }
            contents.fill(ends.writeEnd(), description.pipe());
            filled = true;
            return ends;
        } finally {
            if (!filled) {
                ends.undo();
                ends.close();
            }
        }
    }

    /** A FIFO's ends are opened without waiting: there the flag may have to go, too. */
    private static void setFlags(Fd end, Image.Description description) throws ErrnoException {
        int flags = description.file().flags() & SETTABLE;
        if (flags != 0 || description.file().isFifo()) {
            FdCalls.setStatusFlags(end.number(), flags);
        }
    }

    @Override
    public void settle() throws StandpipeException {
        inode.restoreAll();
        met.forEach(PipeEnds::release);
    }

    @Override
    public void undo() {
        met.forEach(PipeEnds::undo);
    }

    @Override
    public void close() {
        met.forEach(PipeEnds::close);
    }
}
