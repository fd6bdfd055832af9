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
import org.jspecify.annotations.Nullable;

/**
 * The fds of this process that refer to pipes, pidfds, memory files, and files and FIFOs below the build directory or the temporary directory, at the
 * moment this object was created. Other fds are ignored: the JVM opens jars at any time.
 */
public final class WatchedFds {

    private static final Path FDS = Path.of("/proc/self/fd");
    private static final String BUILD = directory(Path.of("target"));
    private static final String TEMPORARY = directory(Path.of(System.getProperty("java.io.tmpdir")));

    /** The JDK closes the streams of a child that has ended in a thread of its own. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final boolean anyPipe;
    private final Map<Integer, String> before;

    public WatchedFds() {
        this(false);
    }

    /** @param anyPipe whether a pipe that has been replaced by another pipe is no difference */
    public WatchedFds(boolean anyPipe) {
        this.anyPipe = anyPipe;
        before = now();
    }

    /** Returns how the fds differ from those before, or null; waits a moment for them to become the same. */
    public @Nullable String difference() {
        long start = System.nanoTime();
        Map<Integer, String> after = now();
        while (!after.equals(before) && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(POLL_NANOS);
            after = now();
        }
        return after.equals(before)
                ? null
                : "descriptors left open " + without(after, before) + ", gone " + without(before, after);
    }

    private static Map<Integer, String> without(Map<Integer, String> fds, Map<Integer, String> others) {
        Map<Integer, String> rest = new TreeMap<>(fds);
        rest.entrySet().removeAll(others.entrySet());
        return rest;
    }

    private Map<Integer, String> now() {
        String[] fds = FDS.toFile().list();
        if (fds == null) {
            throw new AssertionError("cannot list " + FDS);
        }
        Map<Integer, String> found = new TreeMap<>();
        for (String fd : fds) {
            String link = link(fd);
            if (isWatched(link)) {
                found.put(Integer.valueOf(fd), anyPipe && link.startsWith("pipe:") ? "pipe" : link);
            }
        }
        return found;
    }

    private static boolean isWatched(String link) {
        return link.startsWith("pipe:")
                || link.startsWith("/memfd:")
                || link.contains("[pidfd]")
                || link.startsWith(BUILD)
                || link.startsWith(TEMPORARY);
    }

    /** Returns what the fd refers to, or "" if it is closed by now, as the one is with which the fds were listed. */
    private static String link(String fd) {
        try {
            return Files.readSymbolicLink(FDS.resolve(fd)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String directory(Path path) {
        try {
            return (Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize()) + File.separator;
        } catch (IOException e) {
            throw new AssertionError("cannot resolve " + path, e);
        }
    }
}
