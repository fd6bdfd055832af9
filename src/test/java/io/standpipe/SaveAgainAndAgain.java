// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import java.nio.file.Path;

/** Main class for {@link UnderLoadTest}: saves a process with its descendants until it is killed. Arguments: pid, image. */
final class SaveAgainAndAgain {

    private SaveAgainAndAgain() {}

    public static void main(String[] arguments) throws StandpipeException {
        Checkpoint checkpoint = Checkpoint.ofTree(Long.parseLong(arguments[0]));
        checkpoint.writeTo(Path.of(arguments[1]));
        System.out.println("saving");
        while (true) {
            checkpoint.writeTo(Path.of(arguments[1]));
        }
    }
}
