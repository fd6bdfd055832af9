// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import java.lang.instrument.Instrumentation;
import java.nio.channels.Pipe;
import java.nio.file.Path;

/** A complete agent: an application calls open() for its pipe, and save() and goBack() whenever it likes. */
public final class ExampleAgent {
    private static PipesInPlace pipes;
    private static Path image;

    public static void premain(String options, Instrumentation instrumentation) {
        image = Path.of(options); // -javaagent:example.jar=/var/tmp/app.ckpt
    }

    public static Pipe open() throws java.io.IOException {
        Pipe pipe = Pipe.open();
        pipes = PipesInPlace.of(pipe); // opted in by object; the JVM's own pipes are left alone
        return pipe;
    }

    public static void save() throws StandpipeException {
        pipes.writeTo(image);
    }

    public static void goBack() throws StandpipeException {
        pipes.restore(Restore.from(image)); // the very same Pipe goes on
    }
}
