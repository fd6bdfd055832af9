// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.pipe.Fd;
import io.standpipe.testkit.ClassDirectory;
import io.standpipe.testkit.FreeFds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;

/** With ever fewer fds taken, restores in place: the first one that has fds enough to begin with has all it needs to the end. */
final class DescriptorsRunOutInPlace {

    private DescriptorsRunOutInPlace() {}

    public static void main(String[] arguments) throws IOException {
        ClassDirectory.loadAllBeside(Restore.class);
        Path image = Path.of(arguments[0]);
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[100]));
        PipesInPlace pipes = PipesInPlace.of(pipe).cuttingOffOthers();
        pipes.writeTo(image);
        pipes.restore(Restore.from(image));
        Deque<Fd> taken = FreeFds.takeAll();
        List<String> deviations = restored(pipes, image);
        while (deviations == null) {
            taken.pop().close();
            deviations = restored(pipes, image);
        }
        System.out.print("restored with deviations " + deviations + "\n");
    }

    private static List<String> restored(PipesInPlace pipes, Path image) throws StandpipeException {
        try {
            return pipes.restore(Restore.from(image)).deviations();
        } catch (UnavailableException e) {
            return null;
        }
    }
}
