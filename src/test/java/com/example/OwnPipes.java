// SPDX-License-Identifier: Apache-2.0
package com.example;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.agent.StandpipeManagement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the application does with its own copy of Standpipe. */
final class OwnPipes {

    private OwnPipes() {}

    static String name(Pipe pipe) {
        StandpipeManagement.shared().name("orders", pipe);
        return StandpipeManagement.shared().getNamed();
    }

    /** Saves a pipe, and restores it in place. */
    static String saveAndRestore(String image) throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel sink = pipe.sink()) {
            sink.write(ByteBuffer.wrap("its own".getBytes(StandardCharsets.UTF_8)));
            PipesInPlace pipes = PipesInPlace.of(pipe);
            pipes.writeTo(Path.of(image));
            pipes.restore(Restore.from(Path.of(image)));
            ByteBuffer into = ByteBuffer.allocate(100);
            int length = source.read(into);
            return new String(into.array(), 0, length, StandardCharsets.UTF_8);
        }
    }
}
