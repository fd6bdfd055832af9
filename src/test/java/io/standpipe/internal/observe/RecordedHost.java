// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import io.standpipe.Checkpoint;
import io.standpipe.PipesInPlace;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import io.standpipe.StandpipeException;
import io.standpipe.testkit.TestProcess;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Saves and restores pipes while the flight recorder records, and prints the events and the class's counters. */
final class RecordedHost {

    private static final long NO_PROCESS = 4_000_000;
    /** Of the JDK's own events these have no description. */
    private static final List<String> COMMON = List.of("startTime", "duration", "eventThread", "stackTrace");

    private RecordedHost() {}

    /** @param args a directory, and the file of the settings */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        Path image = directory.resolve("image");
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[9]));
        PipesInPlace pipes = PipesInPlace.of(pipe);
        pipes.writeTo(image); // before anybody records
        try (Recording recording = new Recording(Configuration.create(Path.of(args[1])));
                TestProcess other = TestProcess.holding(new byte[5000])) {
            recording.start();
            pipes.writeTo(image);
            pipes.restore(Restore.from(image));
            Checkpoint.ofProcesses(other.pid()).writeTo(directory.resolve("other"));
            Restore.from(directory.resolve("other")).open().close();
            Restore.from(directory.resolve("other")).start(Map.of((long) other.pid(), List.of("true"))).commands().get(0).waitFor();
            try (Snapshot snapshot = Checkpoint.ofProcesses(other.pid()).snapshot()) {
                snapshot.writeTo(directory.resolve("snapshot"));
                Restore.from(snapshot).open().close();
            }
            fail(() -> Checkpoint.ofProcesses(NO_PROCESS).writeTo(image));
            fail(() -> Checkpoint.ofProcesses(NO_PROCESS).snapshot());
            fail(() -> Restore.from(directory.resolve("absent")).open());
            fail(() -> Restore.from(directory.resolve("other")).exec(List.of("no-such-command-anywhere")));
            recording.stop();
            Path file = directory.resolve("recording");
            recording.dump(file);
            RecordingFile.readAllEvents(file).stream()
                    .sorted((one, two) -> one.getStartTime().compareTo(two.getStartTime()))
                    .forEach(RecordedHost::print);
            System.out.println("pid " + ProcessHandle.current().pid() + " other " + other.pid());
        }
        for (Counters.Counter counter : Counters.Counter.values()) {
            System.out.println(counter + " " + Counters.ofThisLibrary().value(counter));
        }
    }

    private interface Operation {
        void run() throws StandpipeException;
    }

    private static void fail(Operation operation) {
        try {
            operation.run();
            throw new AssertionError("it did not fail");
        } catch (StandpipeException e) {
            System.out.println("failed: " + e.getMessage());
        }
    }

    private static void print(RecordedEvent event) {
        StringBuilder text = new StringBuilder(event.getEventType().getName());
        for (ValueDescriptor field : event.getFields()) {
            if (!COMMON.contains(field.getName())) {
                text.append('|').append(field.getName()).append('=').append(String.valueOf(event.<Object>getValue(field.getName())));
                if (field.getLabel() == null) {
                    text.append(" WITHOUT LABEL");
                }
            }
        }
        boolean mine = event.getStackTrace().getFrames().stream()
                .anyMatch(frame -> frame.getMethod().getType().getName().equals(RecordedHost.class.getName()));
        System.out.println(text + "|caller=" + mine + "|duration=" + !event.getDuration().isZero()
                + "|label=" + event.getEventType().getLabel() + "|category=" + event.getEventType().getCategoryNames()
                + "|description=" + event.getEventType().getDescription());
    }
}
