// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.FdTable;
import io.standpipe.testkit.ApplicationJar;
import io.standpipe.testkit.ApplicationJar.Layout;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Jcmd;
import io.standpipe.testkit.Jdks;
import io.standpipe.testkit.Jdks.Jdk;
import io.standpipe.testkit.TestApplication;
import io.standpipe.testkit.TestJvm;
import io.standpipe.testkit.Thorough;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Applications that know nothing of {@code attach}, have libraries of their own, and use them for the first time after they were
 * attached many times.
 */
@ExtendWith(DescriptorLeakCheck.class)
class AttachedApplicationTest {

    private static final int ROUNDS = 3;

    /** Of three attaches each, for one kind of application. */
    private static final int MANY_ROUNDS = Thorough.rounds(3, 16);

    @TempDir
    Path directory;

    /** @param inside whether the application has Standpipe among its libraries, and has named its pipe there */
    record Variant(Layout layout, boolean inside, Jdk jdk) {
        @Override
        public String toString() {
            return layout + (inside ? " with Standpipe, " : ", ") + jdk;
        }
    }

    static List<Variant> variants() throws IOException {
        List<Variant> variants = new ArrayList<>();
        for (Jdk jdk : Jdks.installed()) {
            for (Layout layout : Layout.values()) {
                variants.add(new Variant(layout, false, jdk));
                variants.add(new Variant(layout, true, jdk));
            }
        }
        return variants;
    }

    @ParameterizedTest
    @MethodSource("variants")
    void applicationIsAsItWasAfterManyAttaches(Variant variant) throws Exception {
        try (TestApplication application = start(variant)) {
            if (variant.inside()) {
                assertEquals("orders", application.ask("name"));
            }
            String threads = application.ask("threads");
            round(application, variant);
            int fds = FdTable.fds(application.pid()).length;
            long loaders = Jcmd.classLoaders(application.pid());
            int rounds = variant.layout() == ApplicationJar.Layout.BOOT_3 ? MANY_ROUNDS : ROUNDS;
            for (int round = 1; round < rounds; round++) {
                round(application, variant);
            }
            // The JVM closes connections and jars when it gets to it.
            Await.until("there are no more descriptors than before", () -> FdTable.fds(application.pid()).length <= fds);
            long later = Jcmd.classLoaders(application.pid());
            assertTrue(later <= loaders, () -> later + " class loaders, after the first attaches " + loaders);
            assertEquals(ApplicationJar.LIBRARIES, application.ask("libraries"));
            if (variant.inside()) {
                assertEquals("its own", application.ask("own " + directory.resolve("own.ckpt")));
                assertEquals("orders", application.ask("name"));
            }
            round(application, variant);
            assertEquals(threads, application.ask("threads"));
            assertTrue(Jcmd.run(application.pid(), "Thread.print").contains("\"main\""));
            assertTrue(Jcmd.run(application.pid(), "GC.class_histogram").contains("java.lang.String"));
            assertEquals("", application.saidItself());
            assertFalse(application.saysMore());
        }
    }

    /** Attaches three times. */
    private void round(TestApplication application, Variant variant) throws Exception {
        Path image = directory.resolve("app.ckpt");
        String pid = Integer.toString(application.pid());
        String fds = application.pipe();
        assertEquals("9", application.ask("write in_flight"));
        String saved = variant.inside()
                ? attach(pid, "checkpoint", "--output", image)
                : attach(pid, "checkpoint", "--fd", fds, "--output", image);
        assertTrue(saved.contains("saved 1 pipe with 9 bytes in flight"), saved);
        assertEquals("in_flight", application.ask("read"));
        String restored = attach(pid, "restore", "--input", image);
        assertTrue(restored.contains("with 9 bytes in flight"), restored);
        assertEquals("in_flight", application.ask("read"));
        String listed = attach(pid, "list");
        assertEquals(variant.inside() ? 2 : 0, listed.lines().filter(line -> line.endsWith(", named")).count(), listed);
        assertEquals(fds, application.pipe());
    }

    private static String attach(Object... arguments) throws Exception {
        List<Object> words = new ArrayList<>(List.of("attach"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--timeout", "60s"));
        CommandRun run = CommandRun.here(words.toArray());
        assertEquals(0, run.exitStatus, run.err);
        return run.out + run.err;
    }

    private TestApplication start(Variant variant) throws IOException {
        List<String> command = new ArrayList<>(List.of(variant.jdk().java()));
        command.addAll(TestJvm.shortLived());
        command.addAll(ApplicationJar.make(directory, variant.layout(), variant.inside()));
        return new TestApplication(command, directory.resolve("err"));
    }
}
