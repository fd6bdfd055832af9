// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.Progress;

/** Shows how far the work has come, and what became of it. */
interface ProgressDisplay extends Progress {

    /** The work is done. May be told again, which changes nothing. */
    void done();

    /** It has failed, with an exit status and for a reason. */
    void failed(int status, String reason);
}
