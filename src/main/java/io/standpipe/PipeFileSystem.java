// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Stat;

/** The file system that anonymous pipes are on, by which they are told from FIFOs. */
final class PipeFileSystem {

    private PipeFileSystem() {}

    /** Its st_dev. */
    static long device() throws StandpipeException {
        try (Passage pipe = Passage.open()) {
            return new Stat().read(pipe.r()).dev();
        } catch (ErrnoException e) {
            throw Failure.of("a pipe", e);
        }
    }
}
