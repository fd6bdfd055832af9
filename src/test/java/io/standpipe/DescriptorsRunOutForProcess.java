// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.ClassDirectory;
import io.standpipe.testkit.FreeFds;
import java.io.IOException;
import java.util.Deque;

/**
 * Takes all descriptors there are, then gives them back one by one until a checkpoint of another process succeeds. Argument: its pid.
 */
final class DescriptorsRunOutForProcess {

    private DescriptorsRunOutForProcess() {}

    public static void main(String[] arguments) throws IOException {
        ClassDirectory.loadAllBeside(Restore.class);
        Checkpoint checkpoint = Checkpoint.ofProcess(Long.parseLong(arguments[0]));
        checkpoint.snapshot().close();
        Deque<Fd> taken = FreeFds.takeAll();
        while (!saved(checkpoint)) {
            checkAreOpen(taken);
            taken.pop().close();
        }
        checkAreOpen(taken);
        System.out.print("only UnavailableException\n");
    }

    private static boolean saved(Checkpoint checkpoint) throws StandpipeException {
        try (Snapshot snapshot = checkpoint.snapshot()) {
            return snapshot.pipes() > 0;
        } catch (UnavailableException e) {
            return false;
        }
    }

    private static void checkAreOpen(Deque<Fd> taken) {
        for (Fd fd : taken) {
            if (!FdCalls.isOpen(fd.number())) {
                throw new AssertionError("descriptor " + fd.number() + " was closed with " + taken.size() + " taken");
            }
        }
    }
}
