// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

/** Which commit of the sources this was built of. The build writes it into this class. */
final class Commit {

    /** Abbreviated; {@code unknown} if it was not built in a repository. */
    static final String ID = "${commit}";

    private Commit() {}
}
