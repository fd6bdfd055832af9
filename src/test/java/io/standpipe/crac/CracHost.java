// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac;

import io.standpipe.PipesInPlace;
import io.standpipe.crac.simulation.Core;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.Arrays;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Resource;
import org.crac.RestoreException;

/** Takes checkpoints of itself under the simulation, and prints the outcomes. */
final class CracHost {

    private static int allowed;

    private CracHost() {}

    /** The application: stops using its selector for a checkpoint, and may veto it. */
    private static final class Application implements Resource {
        private final Pipe.SourceChannel channel;
        private final Selector selector;
        private final boolean leavesItsKey;
        private boolean vetoes;

        Application(Pipe.SourceChannel channel, Selector selector, boolean leavesItsKey) throws IOException {
            this.channel = channel;
            this.selector = selector;
            this.leavesItsKey = leavesItsKey;
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            selector.selectNow();
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws IOException {
            if (!leavesItsKey) {
                channel.keyFor(selector).cancel();
                selector.selectNow();
            }
            if (vetoes) {
                throw new IllegalStateException("another resource vetoes");
            }
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) throws IOException {
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    public static void main(String[] args) throws Exception {
        org.crac.Core.getGlobalContext();
        switch (args[0]) {
            case "streams" -> streams();
            case "standard" -> refused(PipesInPlace.of(System.in));
            case "policy" -> refused(known(Pipe.open()));
            case "taken" -> taken(Path.of(args[1]));
            default -> rounds(args);
        }
    }

    private static PipesInPlace known(Pipe pipe) throws Exception {
        Core.jdk(pipe);
        return PipesInPlace.of(pipe);
    }

    private static void rounds(String[] args) throws Exception {
        Pipe pipe = Pipe.open();
        Process child = args[0].equals("child") ? new ProcessBuilder("cat").start() : null;
        Core.jdk(pipe);
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
        System.gc();
        try (Selector selector = Selector.open()) {
            Core.jdk(selector);
            Application application = new Application(pipe.source(), selector, args[0].equals("keys"));
            org.crac.Core.getGlobalContext().register(application);
            for (int round = 0; round < 20; round++) {
                application.vetoes = round == 7;
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

    /** Streams over a pipe; the input is used while the checkpoint is taken, and the output closed in the last one. */
    private static void streams() throws Exception {
        PipeEnds ends = Pipes.pipe2(PipeFlags.O_CLOEXEC);
        FileInputStream in = new FileInputStream(FdCalls.toJava(ends.readEnd()));
        FileOutputStream out = new FileOutputStream(FdCalls.toJava(ends.writeEnd()));
        Core.jdk(in.getFD());
        Core.jdk(out.getFD());
        System.out.println("without: " + attempt());
        boolean[] closing = new boolean[1];
        Resource meanwhile = new Resource() {
            @Override
            public void beforeCheckpoint(Context<? extends Resource> context) throws IOException {
                System.out.println("valid " + in.getFD().valid() + " " + out.getFD().valid());
                try {
                    System.out.println("read " + in.read());
                } catch (IOException e) {
                    System.out.println("not read, " + e.getMessage());
                }
                if (closing[0]) {
                    out.close();
                }
            }

            @Override
            public void afterRestore(Context<? extends Resource> context) {}
        };
        org.crac.Core.getGlobalContext().register(meanwhile); // Before the other one, so that it is called when the pipe is gone.
        StandpipeResource.inHeap(PipesInPlace.of(in, out)).register();
        out.write(new byte[] {7, 8});
        System.out.println("first: " + attempt() + ", read " + in.read());
        closing[0] = true;
        System.out.println("second: " + attempt() + ", read " + in.read() + " " + in.read());
    }

    private static void refused(PipesInPlace pipes) throws Exception {
        StandpipeResource.inHeap(pipes).register();
        System.out.println(attempt());
    }

    /** The JDK opens its own files again before any resource is called, at whatever numbers are free. */
    private static void taken(Path image) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[] {5}));
        StandpipeResource resource = StandpipeResource.toFile(known(pipe), image);
        FileInputStream[] jdk = new FileInputStream[20];
        Resource opening = new Resource() {
            @Override
            public void beforeCheckpoint(Context<? extends Resource> context) {}

            @Override
            public void afterRestore(Context<? extends Resource> context) throws IOException {
                for (int i = 0; i < jdk.length; i++) {
                    jdk[i] = new FileInputStream("/dev/null");
                }
            }
        };
        org.crac.Core.getGlobalContext().register(opening);
        resource.register();
        System.out.println(attempt());
        for (FileInputStream file : jdk) {
            file.close();
        }
        resource.afterRestore(org.crac.Core.getGlobalContext());
        ByteBuffer into = ByteBuffer.allocate(10);
        System.out.println("read " + pipe.source().read(into) + ": " + into.get(0));
    }

    private static String attempt() throws Exception {
        try {
            org.crac.Core.checkpointRestore();
            return "restored";
        } catch (CheckpointException e) {
            return "vetoed by " + e.getSuppressed()[0].getMessage();
        } catch (RestoreException e) {
            return "not restored: " + e.getSuppressed()[0].getMessage();
        }
    }
}
