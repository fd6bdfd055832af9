// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import io.standpipe.HostCheck;
import io.standpipe.LivePipes;
import io.standpipe.UnavailableException;
import io.standpipe.testkit.ClassDirectory;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.Reference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Uses the library twice, and prints each time that it works, or the message of the failure. Arguments before that: {@code map FILE} maps
 * a file, {@code interrupted} interrupts this thread, {@code full} does it once more while no descriptor is free, {@code use FILE} names a library for this class loader between the two times, {@code loaders NUMBER} uses it in so many
 * more loaders.
 */
public final class AskTwice {

    private AskTwice() {}

    public static void main(String[] args) throws Exception {
        List<String> wishes = List.of(args);
        if (wishes.contains("map")) {
            try (RandomAccessFile file = new RandomAccessFile(args[wishes.indexOf("map") + 1], "r")) {
                file.getChannel().map(MapMode.READ_ONLY, 0, 1);
            }
        }
        if (wishes.contains("interrupted")) {
            Thread.currentThread().interrupt();
        }
        if (wishes.contains("full")) {
            askWithoutFreeFds();
        }
        ask();
        if (wishes.contains("use")) {
            HostCheck.useLibrary(Path.of(args[wishes.indexOf("use") + 1]));
        }
        ask();
        if (wishes.contains("loaders")) {
            // All are reachable until the end: what one has loaded stays loaded.
            List<ClassLoader> loaders = new ArrayList<>();
            for (int i = Integer.parseInt(args[wishes.indexOf("loaders") + 1]); i > 0; i--) {
                loaders.add(anotherLoader());
                ask(loaders.get(loaders.size() - 1));
            }
            Reference.reachabilityFence(loaders);
        }
        System.out.print(libraryFds());
    }

    private static void askWithoutFreeFds() throws IOException {
        ClassDirectory.loadAllBeside(HostCheck.class);
        List<FileInputStream> taken = new ArrayList<>();
        try {
            while (true) {
                taken.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            ask();
        }
        for (FileInputStream each : taken) {
            each.close();
        }
    }

    private static void ask(ClassLoader loader) throws ReflectiveOperationException {
        loader.loadClass(AskTwice.class.getName()).getDeclaredMethod("ask").invoke(null);
    }

    public static void ask() throws IOException {
        String cause = HostCheck.unavailabilityCause().map(UnavailableException::getMessage).orElse("");
        String outcome;
        try {
            LivePipes.ofThisProcess();
            outcome = "works";
        } catch (UnavailableException e) {
            outcome = e.getMessage();
            if (!outcome.equals(cause) || e.getCause() == null) {
                outcome += ", but the cause is " + e.getCause() + ", and at first it was " + cause;
            }
        }
        System.out.println(outcome + (HostCheck.isAvailable() == outcome.equals("works") ? "" : ", but isAvailable says otherwise"));
    }

    private static URLClassLoader anotherLoader() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** Returns the fds of the library that are open still. */
    private static String libraryFds() throws IOException {
        StringBuilder open = new StringBuilder();
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : fds.toList()) {
                if (Files.isSymbolicLink(fd) && Files.readSymbolicLink(fd).toString().contains("memfd")) {
                    open.append("open: ").append(fd).append('\n');
                }
            }
        }
        return open.toString();
    }
}
