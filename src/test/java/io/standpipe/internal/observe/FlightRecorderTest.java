// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.cli.Main;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.TestProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints and restores as the flight recorder (JFR) has them, in JVMs of every installed version. */
class FlightRecorderTest {

    @TempDir
    Path directory;

    static List<Jdk> jdks() throws IOException {
        return Jdks.installed();
    }

    private ChildRun run(Jdk jdk, List<String> options, Class<?> host, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(jdk.strict());
        command.addAll(TestJvm.shortLived());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), host.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ChildRun run = ChildRun.of(command);
        assertEquals(0, run.exitStatus(), run::toString);
        return run;
    }

    /** One event, as the host prints it. */
    private record Event(String name, Map<String, String> fields) {

        static Event of(String line) {
            String[] parts = line.split("\\|");
            Map<String, String> fields = new TreeMap<>();
            for (String part : List.of(parts).subList(1, parts.length)) {
                int equals = part.indexOf('=');
                fields.put(part.substring(0, equals), part.substring(equals + 1));
            }
            return new Event(parts[0], fields);
        }

        String field(String name) {
            assertTrue(fields.containsKey(name), () -> name + " of " + this);
            return fields.get(name);
        }

        long number(String name) {
            return Long.parseLong(field(name));
        }

        void assertFields(Map<String, Object> expected) {
            expected.forEach((name, value) -> assertEquals(value.toString(), field(name), () -> name + " of " + this));
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyCheckpointAndRestoreIsAnEventAndCountedSuccessfulOrNot(Jdk jdk) throws Exception {
        ChildRun run = run(jdk, List.of(), RecordedHost.class, directory, Path.of("docs/standpipe.jfc").toAbsolutePath());
        List<Event> events = run.output().lines().filter(line -> line.startsWith("standpipe.")).map(Event::of).toList();
        String[] pids = run.output().lines().filter(line -> line.startsWith("pid ")).findFirst().orElseThrow().split(" ");
        String own = pids[1];
        String other = pids[3];
        List<Event> saved = events.stream().filter(event -> event.name().equals("standpipe.Checkpoint")).toList();
        List<Event> restored = events.stream().filter(event -> event.name().equals("standpipe.Restore")).toList();
        assertEquals(events.size(), saved.size() + restored.size(), run::toString);
        for (Event event : events) {
            assertEquals("true", event.field("caller"), run::toString);
            assertEquals("true", event.field("duration"), run::toString);
            assertEquals("[Standpipe]", event.field("category"), run::toString);
            assertFalse(event.field("label").equals("null") || event.field("description").equals("null"), run::toString);
        }
        assertFalse(run.output().contains("WITHOUT LABEL"), run::toString);

        assertEquals(6, saved.size(), run::toString);
        saved.get(0).assertFields(Map.of("destination", directory.resolve("image"), "pids", own, "pipes", 1, "descriptors", 2,
                "payloadBytes", 9, "frozen", 0, "success", true, "failure", "null"));
        assertTrue(saved.get(0).number("writing") > 0 && saved.get(0).number("imageBytes") > 9, run::toString);
        saved.get(1).assertFields(Map.of("destination", directory.resolve("other"), "pids", other, "pipes", 3,
                "descriptors", 3, "payloadBytes", 5000, "success", true));
        assertTrue(saved.get(1).number("frozen") > 0, run::toString);
        saved.get(2).assertFields(Map.of("destination", "snapshot", "pids", other, "pipes", 3, "descriptors", 3,
                "payloadBytes", 5000, "imageBytes", 0, "success", true));
        assertTrue(saved.get(2).number("frozen") > 0, run::toString);
        saved.get(3).assertFields(Map.of("destination", directory.resolve("snapshot"), "pipes", 3, "frozen", 0));
        saved.get(4).assertFields(Map.of("destination", directory.resolve("image"), "success", false, "pipes", 0,
                "failure", "process 4000000: there is no such process"));
        saved.get(5).assertFields(Map.of("destination", "snapshot", "success", false));

        assertEquals(6, restored.size(), run::toString);
        restored.get(0).assertFields(Map.of("source", "image " + directory.resolve("image"), "target", "in place",
                "pids", own, "pipes", 1, "descriptors", 2, "payloadBytes", 9, "keptDescriptors", 0, "success", true));
        restored.get(1).assertFields(Map.of("target", "in this process", "pids", other, "pipes", 3, "payloadBytes", 5000));
        restored.get(2).assertFields(Map.of("target", "in commands", "pids", other, "success", true));
        assertTrue(restored.get(2).number("startedPids") > 1, run::toString);
        restored.get(3).assertFields(Map.of("target", "in this process", "payloadBytes", 5000, "success", true));
        restored.get(5).assertFields(Map.of("source", "null", "target", "in a command that this process becomes", "success", false));
        restored.get(4).assertFields(Map.of("success", false, "pipes", 0,
                "failure", "image " + directory.resolve("absent") + ": there is no such file"));

        long frozen = saved.stream().mapToLong(event -> event.number("frozen")).sum();
        assertCounts(run, Map.of("CHECKPOINTS", 4L, "FAILED_CHECKPOINTS", 2L, "SAVED_PIPES", 8L, "SAVED_BYTES", 10_018L,
                "FROZEN_NANOS", frozen, "LAST_FROZEN_NANOS", saved.get(2).number("frozen"), "RESTORES", 4L,
                "FAILED_RESTORES", 2L, "RESTORED_PIPES", 10L, "RESTORED_BYTES", 15_009L));
    }

    private static void assertCounts(ChildRun run, Map<String, Long> expected) {
        expected.forEach((counter, value) -> assertTrue(
                run.output().lines().anyMatch((counter + " " + value)::equals), () -> counter + " " + value + ": " + run));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void runtimeWithoutTheFlightRecorderSavesAndRestores(Jdk jdk) throws Exception {
        run(jdk, List.of("--limit-modules", "java.base"), UnrecordedHost.class, directory.resolve("image"))
                .assertPrinted("read 9\nflight recorder false\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void eventsKeepNoClassLoader(Jdk jdk) throws Exception {
        run(jdk, List.of(), UnloadedHost.class, directory)
                .assertPrinted("while it records: true\nafterwards: true\nevents: 4\n");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void loaderThatHidesTheRecordersOwnClassesCostsTheEventsOnly(Jdk jdk) throws Exception {
        ChildRun result = run(jdk, List.of(), HidingHost.class, directory);
        assertTrue(result.output().endsWith("saved and restored\n"), result::output);
    }

    /** Whether somebody records is asked of one class, which is loaded in a tenth of a millisecond. */
    @Test
    void commandThatIsNotRecordedLoadsNoEvents() throws Exception {
        try (TestProcess process = TestProcess.holding(new byte[10])) {
            String image = directory.resolve("image").toString();
            assertLoadsNoEvents(TestJvm.run(
                    List.of("-Xlog:class+load"), Main.class, "checkpoint", "--pid", Integer.toString(process.pid()),
                    "--output", image));
            assertLoadsNoEvents(TestJvm.run(
                    List.of("-Xlog:class+load"), Main.class, "restore", image, "--run", process.pid() + "=true"));
        }
    }

    private static void assertLoadsNoEvents(ChildRun run) {
        assertEquals(0, run.exitStatus(), run::toString);
        List<String> classes = run.output().lines()
                .filter(line -> line.contains("[class,load]"))
                .map(line -> line.replaceAll("^(\\[[^]]*\\])+ ", "").split(" ")[0])
                .toList();
        assertTrue(classes.contains("io.standpipe.internal.observe.FlightEvents"), classes::toString);
        assertEquals(
                List.of("jdk.jfr.FlightRecorder"),
                classes.stream().filter(name -> name.startsWith("jdk.jfr.") || name.endsWith("Event")).toList());
    }
}
