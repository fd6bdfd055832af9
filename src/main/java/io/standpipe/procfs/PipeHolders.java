// SPDX-License-Identifier: Apache-2.0
package io.standpipe.procfs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds which processes hold a pipe, as far as this one may look: a process that is not the caller's to look at is passed
 * over.
 */
public final class PipeHolders {

    private static final int ACCESS_MODE = 3;
    private static final int O_PATH = 010000000;

    /** A descriptor of a pipe that was looked for; the access mode is O_RDONLY 0, O_WRONLY 1 or O_RDWR 2. */
    public record Holder(int pid, int fd, long dev, long ino, int accessMode) {}

    /** What is looked for. */
    public interface Wanted {
        boolean contains(long dev, long ino);
    }

    /** Who is told of what is found. */
    public interface Finder {
        void found(Holder holder);
    }

    private PipeHolders() {}

    /** Looks through the descriptors of all processes. */
    public static void find(Wanted wanted, Finder finder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    lookAt(Integer.parseInt(name), wanted, finder);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void lookAt(int pid, Wanted wanted, Finder finder) {
        int[] numbers;
        try {
            numbers = FdTable.numbers(pid);
        } catch (IOException | UncheckedIOException e) {
            return;
        }
        for (int fd : numbers) {
            try {
                lookAt(pid, fd, wanted, finder);
            } catch (IOException e) {
                // Closed, or the process ended, between the listing and the look: it holds nothing any more.
                continue;
            }
        }
    }

    private static void lookAt(int pid, int fd, Wanted wanted, Finder finder) throws IOException {
        Path link = Path.of("/proc/" + pid + "/fd/" + fd);
        String target = Files.readSymbolicLink(link).toString();
        // Only a pipe, or what has a path: nothing else is worth a stat, and a FIFO cannot be told by its path.
        if (!target.startsWith("pipe:[") && !target.startsWith("/")) {
            return;
        }
        Map<String, Object> stat = Files.readAttributes(link, "unix:mode,dev,ino");
        if (((Integer) stat.get("mode") & 0170000) != 0010000) {
            return;
        }
        long dev = ((Number) stat.get("dev")).longValue();
        long ino = ((Number) stat.get("ino")).longValue();
        if (wanted.contains(dev, ino)) {
            int flags = FdTable.flags(pid, fd);
            if ((flags & O_PATH) == 0) {
                finder.found(new Holder(pid, fd, dev, ino, flags & ACCESS_MODE));
            }
        }
    }
}
