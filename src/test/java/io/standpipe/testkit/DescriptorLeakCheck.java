// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves a pipe, a pidfd, a program in the kernel or a file of the build or of the temporary folder open, or
 * that closes one it did not open. Other descriptors are the JVM's own business: it opens jars when it likes.
 */
public final class DescriptorLeakCheck implements BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(DescriptorLeakCheck.class);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String BUILD_FOLDER = folder(Path.of("target"));
    private static final String TEMPORARY_FOLDER = folder(Path.of(System.getProperty("java.io.tmpdir")));

    /** The JDK closes the streams of a child that has ended in a thread of its own. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), new Before(watched()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Map<Integer, String> before =
                context.getStore(NAMESPACE).remove(context.getUniqueId(), Before.class).descriptors;
        long start = System.nanoTime();
        Map<Integer, String> after = watched();
        while (!after.equals(before) && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(POLL_NANOS);
            after = watched();
        }
        if (!after.equals(before)) {
            throw new AssertionError("descriptors differ after the test: left open "
                    + without(after, before) + ", gone " + without(before, after));
        }
    }

    private static Map<Integer, String> without(Map<Integer, String> descriptors, Map<Integer, String> others) {
        Map<Integer, String> rest = new TreeMap<>(descriptors);
        rest.entrySet().removeAll(others.entrySet());
        return rest;
    }

    /** The descriptors that are watched, by number, with what they refer to. */
    public static Map<Integer, String> watched() {
        Map<Integer, String> found = new TreeMap<>();
        String[] numbers = DESCRIPTORS.toFile().list();
        if (numbers == null) {
            throw new AssertionError("cannot list " + DESCRIPTORS);
        }
        for (String number : numbers) {
            String link = link(number);
            if (isWatched(link)) {
                found.put(Integer.valueOf(number), link);
            }
        }
        return found;
    }

    private static boolean isWatched(String link) {
        return link.startsWith("pipe:")
                || link.contains("[pidfd]")
                || link.startsWith(BUILD_FOLDER)
                || link.startsWith(TEMPORARY_FOLDER);
    }

    /** What a descriptor refers to; empty if it was closed meanwhile, as the one of the listing itself is. */
    private static String link(String number) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve(number)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String folder(Path path) {
        try {
            return (Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize()) + File.separator;
        } catch (IOException e) {
            throw new AssertionError("cannot resolve " + path, e);
        }
    }

    private static final class Before {

        private final Map<Integer, String> descriptors;

        Before(Map<Integer, String> descriptors) {
            this.descriptors = descriptors;
        }
    }
}
