// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.AgentJar;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The agent's jar, as the build makes it. */
@ExtendWith(DescriptorLeakCheck.class)
class AgentEntryTest {

    @TempDir
    Path directory;

    /** The entry in a class loader in which there is nothing else, as the application's class loader is with all that it has. */
    private static final class Entry implements AutoCloseable {

        private final URLClassLoader loader;
        private final Class<?> type;

        Entry() throws Exception {
            loader = new URLClassLoader(new URL[] {AgentJar.BUILT.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            type = loader.loadClass("io.standpipe.boot.AgentEntry");
        }

        void attached(String options) throws Exception {
            type.getMethod("attached", String.class).invoke(null, options);
        }

        /** Returns the class loader of the agent, if it stays. */
        ClassLoader kept() throws Exception {
            Field kept = type.getDeclaredField("kept");
            kept.setAccessible(true);
            return (ClassLoader) kept.get(null);
        }

        @Override
        public void close() throws IOException {
            loader.close();
        }
    }

    @Test
    void jarHasOneClassForTheApplication() throws Exception {
        try (ZipFile jar = new ZipFile(AgentJar.BUILT.toFile())) {
            List<String> visible = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> !name.endsWith("/") && !name.startsWith("META-INF/"))
                    .toList();
            assertEquals(List.of("io/standpipe/boot/AgentEntry.class"), visible);
            assertTrue(jar.stream().noneMatch(entry -> entry.getName().matches(".*(commons/cli|gson|standpipe/cli).*")));
        }
    }

    @Test
    void agentIsCollectedWhenItHoldsNothing() throws Exception {
        Pipe pipe = Pipe.open();
        try (Entry entry = new Entry()) {
            pipe.sink().write(ByteBuffer.wrap(new byte[5]));
            int fd = io.standpipe.PipesInPlace.numbersOf(pipe.source()).iterator().next();
            entry.attached("verb=list,answer=" + directory.resolve("list"));
            assertTrue(Files.readString(directory.resolve("list")).contains("5 of 65,536 bytes"));
            assertNull(entry.kept());

            entry.attached("verb=checkpoint,fds=" + fd + ",output=" + directory.resolve("image") + ",answer=" + directory.resolve("saved"));
            assertTrue(Files.readString(directory.resolve("saved")).startsWith("0:saved 1 pipe with 5 bytes"));
            WeakReference<ClassLoader> agent = new WeakReference<>(entry.kept());
            assertNotNull(agent.get());
            assertThrows(ClassNotFoundException.class, () -> agent.get().loadClass("org.apache.commons.cli.Option"));

            entry.attached("verb=forget,answer=" + directory.resolve("forgot"));
            Await.until("the agent's class loader is collected", () -> {
                System.gc();
                return agent.get() == null;
            });
        } finally {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @Test
    void namedJarIsTheOneThatIsRead() throws Exception {
        try (Entry entry = new Entry()) {
            String options = "verb=list,agent=" + directory.resolve("absent.jar") + ",answer=" + directory.resolve("answer");
            assertThrows(InvocationTargetException.class, () -> entry.attached(options));

            assertTrue(Files.notExists(directory.resolve("answer")));
        }
    }
}
