// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** A table of fds as the collector found it. */
final class FoundTable {

    /** An fd of a pipe. */
    record FoundFd(int fd, boolean closeOnExec, OpenDescription description) {}

    private final int objref;
    private final List<FoundFd> pipes = new ArrayList<>();
    private final List<Integer> others = new ArrayList<>();

    FoundTable(int objref) {
        this.objref = objref;
    }

    int objref() {
        return objref;
    }

    /** Returns the fds of pipes that are to be saved. */
    List<FoundFd> pipes() {
        return pipes;
    }

    /** Returns the fds that are no pipes. */
    List<Integer> others() {
        return others;
    }

    int size() {
        return pipes.size() + others.size();
    }
}
