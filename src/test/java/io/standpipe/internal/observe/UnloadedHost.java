// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.observe;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** Has the library in a class loader of its own that is dropped while the flight recorder records; prints whether it is collected. */
final class UnloadedHost {

    private static final long MOST_NANOS = Duration.ofSeconds(60).toNanos();

    private UnloadedHost() {}

    /** @param args a directory */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (Recording recording = new Recording()) {
            recording.start();
            for (int round = 0; round < 3; round++) {
                loaders.add(use(pipe, directory.resolve("image" + round)));
            }
            System.out.println("while it records: " + areCollected(loaders));
            loaders.add(use(pipe, directory.resolve("image")));
            recording.stop();
            recording.dump(directory.resolve("recording"));
        }
        System.out.println("afterwards: " + areCollected(loaders));
        System.out.println("events: " + RecordingFile.readAllEvents(directory.resolve("recording")).stream()
                .filter(event -> event.getEventType().getName().equals("standpipe.Checkpoint"))
                .count());
        Files.delete(directory.resolve("recording"));
    }

    private static WeakReference<ClassLoader> use(Pipe pipe, Path image) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith("target/classes")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> inPlace = loader.loadClass("io.standpipe.PipesInPlace");
            Object pipes = inPlace.getMethod("of", Object[].class).invoke(null, (Object) new Object[] {pipe});
            inPlace.getMethod("writeTo", Path.class).invoke(pipes, image);
            return new WeakReference<>(loader);
        }
    }

    private static boolean areCollected(List<WeakReference<ClassLoader>> loaders) {
        long deadline = System.nanoTime() + MOST_NANOS;
        while (loaders.stream().anyMatch(loader -> loader.get() != null)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            System.gc();
            LockSupport.parkNanos(10_000_000);
        }
        return true;
    }
}
