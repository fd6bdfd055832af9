// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;

/** Has the library in a class loader that hides what the JDK does not export, as OSGi's do; prints what a checkpoint and a restore come to. */
final class HidingHost {

    private HidingHost() {}

    private static final class Hiding extends URLClassLoader {

        Hiding(URL[] urls) {
            super(urls, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("jdk.jfr.internal.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    /** @param args a directory */
    public static void main(String[] args) throws Exception {
        Path image = Path.of(args[0]).resolve("image");
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith("target/classes")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (Hiding loader = new Hiding(urls.toArray(URL[]::new)); Recording recording = new Recording()) {
            recording.start();
            Class<?> inPlace = loader.loadClass("io.standpipe.PipesInPlace");
            Object pipes = inPlace.getMethod("of", Object[].class).invoke(null, (Object) new Object[] {pipe});
            inPlace.getMethod("writeTo", Path.class).invoke(pipes, image);
            Class<?> restore = loader.loadClass("io.standpipe.Restore");
            Object restored = restore.getMethod("openAll").invoke(restore.getMethod("from", Path.class).invoke(null, image));
            ((AutoCloseable) restored).close();
        }
        Files.delete(image);
        System.out.println("saved and restored");
    }
}
