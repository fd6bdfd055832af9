// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;

/** Saves a pipe and restores it in place; knows nothing of the flight recorder. */
final class UnrecordedHost {

    private UnrecordedHost() {}

    /** @param args a file for the image */
    public static void main(String[] args) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[9]));
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(Path.of(args[0]));
        pipe.source().read(ByteBuffer.allocate(9));
        pipes.restore(Restore.from(Path.of(args[0])));
        System.out.println("read " + pipe.source().read(ByteBuffer.allocate(100)));
        System.out.println("flight recorder " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
    }
}
