// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The library in class loaders of its own, as containers and agents have it: several at once, and none stays. */
@ExtendWith(DescriptorLeakCheck.class)
class ClassLoadersTest {

    @TempDir
    Path folder;

    @Test
    void eachClassLoaderLoadsTheLibraryAndIsCollected() throws Exception {
        Pipe pipe = Pipe.open();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try {
            pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            useInTwo(pipe, loaders);
            Await.until("the class loaders are collected", () -> {
                System.gc();
                return loaders.stream().allMatch(loader -> loader.get() == null);
            });
        } finally {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    private void useInTwo(Pipe pipe, List<WeakReference<ClassLoader>> loaders) throws Exception {
        try (URLClassLoader one = loader(); URLClassLoader other = loader()) {
            use(one, pipe);
            use(other, pipe);
            assertNotSame(one.loadClass("io.standpipe.internal.jni.Native"), other.loadClass("io.standpipe.internal.jni.Native"));
            loaders.add(new WeakReference<>(one));
            loaders.add(new WeakReference<>(other));
        }
    }

    private void use(ClassLoader loader, Pipe pipe) throws Exception {
        Class<?> inPlace = loader.loadClass("io.standpipe.PipesInPlace");
        Class<?> restore = loader.loadClass("io.standpipe.Restore");
        Path image = folder.resolve("image");
        Object pipes = inPlace.getMethod("of", Object[].class).invoke(null, (Object) new Object[] {pipe});
        inPlace.getMethod("writeTo", Path.class).invoke(pipes, image);
        ByteBuffer into = ByteBuffer.allocate(10);
        assertEquals(3, pipe.source().read(into));
        inPlace.getMethod("restore", restore)
                .invoke(pipes, restore.getMethod("from", Path.class).invoke(null, image));
    }

    private static URLClassLoader loader() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator))) {
            if (entry.endsWith("target/classes")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
