// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.image.Image;
import io.standpipe.image.PathText;

/** Finds FIFOs by their paths, or puts an anonymous pipe in the place of one that had lost its name. */
final class Fifos {

    private final RestoreOptions options;
    private final Deviations deviations;

    Fifos(RestoreOptions options, Deviations deviations) {
        this.options = options;
        this.deviations = deviations;
    }

    RestoringEnds make(Image.Description description) throws StandpipeException, ErrnoException {
        if (description.pipe().isNameless() && !options.unlinkedInPlace()) {
            deviations.tell("pipe " + description.pipe().objref() + ": an anonymous pipe instead of FIFO "
                    + PathText.of(description.name().path()) + ", which had been unlinked");
            return RestoringPipe.create();
        }
        return RestoringFifo.open(FifoPlace.find(description, options));
    }
}
