// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.Fd;
import io.standpipe.bridge.Flags;

/** An open file description found while collecting, with a copy of one of its descriptors. */
final class SavedDescription {

    final int objref;
    final int flags;
    final SavedPipe pipe;
    final Fd copy;

    SavedDescription(int objref, int flags, SavedPipe pipe, Fd copy) {
        this.objref = objref;
        this.flags = flags;
        this.pipe = pipe;
        this.copy = copy;
    }

    int accessMode() {
        return flags & Flags.O_ACCMODE;
    }
}
