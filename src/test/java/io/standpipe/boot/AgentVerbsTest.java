// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The agent in a JVM in which other class loaders have copies of Standpipe of their own. */
@ExtendWith(DescriptorLeakCheck.class)
class AgentVerbsTest {

    @TempDir
    Path directory;

    private Pipe pipe;
    private int asked;
    private final List<Copy> copies = new ArrayList<>();

    /** A copy of Standpipe, as an application has it that nobody but itself knows. */
    private static final class Copy {

        private final URLClassLoader loader;
        private final Object management;

        Copy() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                if (entry.endsWith("target/classes")) {
                    urls.add(Path.of(entry).toUri().toURL());
                }
            }
            loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            management = loader.loadClass("io.standpipe.agent.StandpipeManagement").getMethod("shared").invoke(null);
        }

        void name(String name, Object... objects) throws Exception {
            management.getClass().getMethod("name", String.class, Object[].class).invoke(management, name, objects);
        }

        Object lastReport() throws Exception {
            return management.getClass().getMethod("getLastReport").invoke(management);
        }

        void end() throws Exception {
            management.getClass().getMethod("forgetAll").invoke(management);
            loader.close();
        }
    }

    @BeforeEach
    void openPipe() throws Exception {
        pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (Copy copy : copies) {
            copy.end();
        }
        pipe.source().close();
        pipe.sink().close();
    }

    private Copy copy() throws Exception {
        Copy copy = new Copy();
        copies.add(copy);
        return copy;
    }

    private String ask(String options) throws Exception {
        Path answer = directory.resolve("answer" + ++asked);
        AgentMain.start(options + ",answer=" + answer, true);
        return Files.exists(answer) ? Files.readString(answer) : "none";
    }

    @Test
    void whatAnApplicationNamedInItsOwnCopyIsSavedAndRestoredByThatCopy() throws Exception {
        Path image = directory.resolve("image");
        Copy copy = copy();
        copy.name("jobs", pipe);

        String saved = ask("verb=checkpoint,output=" + image);
        ByteBuffer into = ByteBuffer.allocate(10);
        pipe.source().read(into);
        String restored = ask("verb=restore,input=" + image);

        assertTrue(saved.startsWith("0:saved 1 pipe with 3 bytes in flight"), saved);
        assertTrue(restored.startsWith("0:restored descriptors"), restored);
        assertTrue(restored.startsWith("0:" + copy.lastReport()), restored);
        assertEquals(3, pipe.source().read(into.clear()));
    }

    @Test
    void namesOfSeveralCopiesAreListedInTheRefusal() throws Exception {
        copy().name("jobs", pipe);
        copy().name("results", pipe.sink());

        String answer = ask("verb=checkpoint,output=" + directory.resolve("image"));

        assertTrue(answer.startsWith("2:several copies of Standpipe have named pipes"), answer);
        assertTrue(answer.contains("io.standpipe:type=Standpipe (jobs)"), answer);
        assertTrue(answer.contains("io.standpipe:type=Standpipe,copy=2 (results)"), answer);
        assertFalse(Files.exists(directory.resolve("image")));
    }

    @Test
    void listSaysWhatAnyCopyHasNamed() throws Exception {
        copy();
        copy().name("results", pipe.sink());

        String answer = ask("verb=list");

        assertEquals(1, answer.lines().filter(line -> line.endsWith(", named")).count(), answer);
    }

    @Test
    void verbIsNotBegunWhenNobodyWaitsForItAnyMore() throws Exception {
        Path image = directory.resolve("image");
        copy().name("jobs", pipe);

        String answer = ask("verb=checkpoint,until=" + (System.currentTimeMillis() - 1) + ",output=" + image);

        assertEquals("none", answer);
        assertFalse(Files.exists(image));
    }

    @Test
    void agentStaysForAnImageUntilItIsToldToForget() throws Exception {
        int fd = io.standpipe.PipesInPlace.numbersOf(pipe.source()).iterator().next();
        String checkpoint = "verb=checkpoint,fds=" + fd + ",output=" + directory.resolve("image");

        assertFalse(AgentMain.start("verb=list,answer=" + directory.resolve("list"), true));
        assertTrue(AgentMain.start(checkpoint + ",answer=" + directory.resolve("checkpoint"), true));
        assertTrue(AgentMain.start("verb=list,answer=" + directory.resolve("again"), true));
        assertFalse(AgentMain.start("verb=forget,answer=" + directory.resolve("forget"), true));
        assertEquals("0:forgot 0 names and how to restore 1 image in place", Files.readString(directory.resolve("forget")));
    }
}
