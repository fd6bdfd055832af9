// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipes;

/** Prints the processes that this one may not look at, and what it may not even see, a line each. */
final class ShowUnseen {

    private ShowUnseen() {}

    public static void main(String[] arguments) throws Exception {
        LivePipes pipes = LivePipes.find();
        pipes.unseen().forEach(unseen -> System.out.println(
                unseen.process().pid() + " " + unseen.process().name() + " " + unseen.process().user() + ": " + unseen.reason()));
        pipes.hidden().forEach(hidden -> System.out.println("hidden: " + hidden));
    }
}
