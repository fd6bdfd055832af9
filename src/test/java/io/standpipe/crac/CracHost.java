// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.PipesInPlace;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.Arrays;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** Takes checkpoints of itself under the simulation, and prints the outcomes. */
final class CracHost {

    private static int allowed;

    private CracHost() {}

    /** Another resource, which may veto. */
    private static final class Other implements Resource {
        private boolean vetoes;

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            if (vetoes) {
                throw new IllegalStateException("another resource vetoes");
            }
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {}
    }

    public static void main(String[] args) throws Exception {
        Other other = new Other();
        Pipe pipe = Pipe.open();
        Process child = args[0].equals("child") ? new ProcessBuilder("cat").start() : null;
        System.out.println("without: " + attempt());
        PipesInPlace pipes = child == null ? PipesInPlace.of(pipe) : PipesInPlace.of(pipe, child);
        if (args[0].equals("file")) {
            StandpipeResource.toFile(pipes, Path.of(args[1])).register();
        } else {
            StandpipeResource resource = StandpipeResource.inHeap(pipes)
                    .allowing(restore -> {
                        allowed++;
                        return restore;
                    })
                    .register();
            if (args[0].equals("forgotten")) {
                resource.forget();
            }
        }
        Core.getGlobalContext().register(other);
        System.gc();
        pipe.source().configureBlocking(false);
        try (Selector selector = Selector.open()) {
            pipe.source().register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            for (int round = 0; round < 20; round++) {
                other.vetoes = round == 7;
                pipe.sink().write(ByteBuffer.wrap(new byte[] {(byte) round, 42}));
                String outcome = attempt();
                int ready = selector.selectNow();
                selector.selectedKeys().clear();
                ByteBuffer into = ByteBuffer.allocate(10);
                int length = pipe.source().read(into);
                System.out.println("round " + round + ": " + outcome + ", ready " + ready + ", read "
                        + Arrays.toString(Arrays.copyOf(into.array(), length)));
            }
        }
        if (child != null) {
            child.destroy();
        }
        System.out.println("allowed " + allowed);
    }

    private static String attempt() throws Exception {
        try {
            Core.checkpointRestore();
            return "restored";
        } catch (CheckpointException e) {
            return "vetoed by " + e.getSuppressed()[0].getMessage();
        }
    }
}
