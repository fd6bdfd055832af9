// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/** The application of the example agent. */
final class ExampleApplication {

    private ExampleApplication() {}

    public static void main(String[] args) throws Exception {
        Pipe pipe = ExampleAgent.open();
        pipe.sink().write(ByteBuffer.wrap("saved".getBytes()));
        ExampleAgent.save();
        System.out.println(read(pipe));
        ExampleAgent.goBack();
        System.out.println(read(pipe));
    }

    private static String read(Pipe pipe) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(100);
        return new String(into.array(), 0, pipe.source().read(into));
    }
}
