// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.restore;

import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.format.Image;
import io.standpipe.internal.format.ObjectHash;
import io.standpipe.internal.format.ObjectType;
import io.standpipe.pipe.ErrnoException;



import java.util.ArrayList;
import java.util.List;

/** Finds FIFOs by their paths, or puts an anonymous pipe in the place of one that had lost its name. */
public final class Fifos {

    private final RestoreOptions options;
    private final Deviations deviations;
    /** Those found so far, counted from 1, and which pipe each of them was found for. */
    private ObjectHash found;
    private final List<Image.Pipe> pipes = new ArrayList<>();

    Fifos(RestoreOptions options, Deviations deviations) {
        this.options = options;
        this.deviations = deviations;
    }

    PipeEnds make(Image.Description description) throws StandpipeException, ErrnoException {
        if (description.pipe().isNameless() && !options.unlinkedInPlace()) {
            deviations.tell("pipe " + description.pipe().objref() + ": an anonymous pipe instead of FIFO "
                    + EscapedPath.of(description.name().path()) + ", which had been unlinked");
            return NewPipe.create();
        }
        return OpenedFifo.open(find(description));
    }

    /** Two pipes whose paths lead to one FIFO would become one: they had been in different roots, or a link is new. */
    private FifoLocation find(Image.Description description) throws StandpipeException {
        FifoLocation place = FifoLocation.find(description, options);
        found = found == null ? new ObjectHash() : found;
        int met = found.lookupAdd(ObjectType.INODE, place.dev(), place.ino());
        if (found.wasFirst()) {
            pipes.add(description.pipe());
            return place;
        }
        place.undo();
        place.close();
        throw new StandpipeException(place + ": found for pipe " + description.pipe().objref()
                + ", and is where pipe " + pipes.get(met - 1).objref() + " has been restored; expected a FIFO for each");
    }
}
