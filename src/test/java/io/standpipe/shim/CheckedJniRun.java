// SPDX-License-Identifier: Apache-2.0
package io.standpipe.shim;

import io.standpipe.Checkpoint;
import io.standpipe.JavaDescriptor;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.StartedCommands;
import io.standpipe.internal.sys.JniReflection;
import io.standpipe.testkit.TestProcess;

import java.io.FileDescriptor;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Goes through every native that deals in Java objects, and others on the way of a round trip. Says what it did. */
final class CheckedJniRun {

    private static final byte[] PAYLOAD = "in flight".getBytes();

    private CheckedJniRun() {}

    public static void main(String[] args) throws Exception {
        Path image = Path.of(args[0]);
        anotherProcess(image);
        inPlace(image);
        whatIsNotThere();
    }

    private static void anotherProcess(Path image) throws Exception {
        int pid;
        try (TestProcess process = TestProcess.shell("exec sleep 1000")) {
            pid = process.awaitBecome("sleep").feed(PAYLOAD).pid();
            Checkpoint.ofProcess(pid, 0).writeTo(image);
        }
        try (RestoredPipes pipes = Restore.from(image).open()) {
            say("another process", read(pipes.sourceChannel(0)));
        }
        try (RestoredPipes pipes = Restore.from(image).open(); InputStream stream = pipes.inputStream(0)) {
            say("as a stream", new String(stream.readAllBytes()));
        }
        StartedCommands started = Restore.from(image).start(Map.of((long) pid, List.of("sh", "-c", "test $(wc -c) = 9")));
        say("as a command", started.commands().get(0).waitFor().exitStatus());
    }

    private static void inPlace(Path image) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(PAYLOAD));
        PipesInPlace pipes = PipesInPlace.of(pipe.source(), pipe.sink());
        pipes.writeTo(image);
        int number = JavaDescriptor.of(pipe.source()).number();
        read(pipe.source());
        pipes.restore(Restore.from(image));
        say("in place", read(pipe.source()));
        say("at its number", JavaDescriptor.of(pipe.source()).number() == number);
    }

    private static void whatIsNotThere() {
        try {
            say("int field", JniReflection.intField(FileDescriptor.in, FileDescriptor.class, "absent"));
        } catch (NoSuchFieldError e) {
            say("int field", e.getClass().getSimpleName());
        }
        try {
            Object found = JniReflection.objectField(FileDescriptor.in, FileDescriptor.class, "absent", String.class);
            say("object field", found);
        } catch (NoSuchFieldError e) {
            say("object field", e.getClass().getSimpleName());
        }
        try {
            say("constructor", JniReflection.construct(FileDescriptor.class, String.class, "", String.class, ""));
        } catch (NoSuchMethodError e) {
            say("constructor", e.getClass().getSimpleName());
        }
    }

    private static String read(Pipe.SourceChannel channel) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(100);
        channel.read(into);
        return new String(into.array(), 0, into.position());
    }

    private static void say(String what, Object outcome) {
        System.out.println(what + ": " + outcome);
    }
}
