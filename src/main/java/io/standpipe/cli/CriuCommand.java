// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

/** {@code standpipe criu}, a group of commands. */
final class CriuCommand extends GroupCommand {

    CriuCommand() {
        super("criu", "Works together with CRIU, which saves whole processes.");
        syntax.examples("standpipe criu import dump --output app.ckpt");
    }
}
