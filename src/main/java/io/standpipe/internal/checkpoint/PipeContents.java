// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import io.standpipe.Image;
import io.standpipe.StandpipeException;

/** The contents of the pipes that are saved: each is cloned when its turn to be written comes. */
interface PipeContents extends AutoCloseable {

    /** Returns how many pipes there are. */
    int pipes();

    /** Returns how many bytes are queued in all of them: an estimate where their users are running. */
    long queuedBytes() throws StandpipeException;

    /** Clones what is in a pipe, and returns the pipe as the image has it. */
    Image.Pipe cloneOf(int objref) throws StandpipeException;

    /** Returns the fd from which the bytes cloned last can be spliced, once. */
    int cloneFd();

    @Override
    void close();
}
