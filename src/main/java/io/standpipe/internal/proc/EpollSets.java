// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.PathCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;


import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process's epoll sets, those of the JVM's selectors among them, watch; /proc/self/fdinfo tells. */
public final class EpollSets {

    private static final byte[] LINK = "anon_inode:[eventpoll]".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern WATCHED = Pattern.compile(
            "tfd:\\s*(\\d+) events:\\s*(\\p{XDigit}+) data:\\s*(\\p{XDigit}+)\\s+pos:\\S+ ino:(\\p{XDigit}+) .*");

    private EpollSets() {}

    /**
     * A descriptor that is watched.
     *
     * @param epoll the set's descriptor
     * @param number which descriptor it was when it was added
     * @param ino of the file behind it then
     */
    public record Watch(int epoll, int number, int events, long data, long ino) {}

    /**
     * All that is watched now.
     *
     * @param known numbers that are none of the sets
     */
    public static List<Watch> watches(BitSet known) throws IOException {
        int self = ProcessCalls.pid();
        List<Watch> watches = new ArrayList<>();
        for (int number : FdTable.numbersWithout(known, self)) {
            if (isEpoll(number)) {
                add(number, watches);
            }
        }
        return watches;
    }

    /** Whether a number is an epoll set. */
    public static boolean isEpoll(int number) throws IOException {
        try {
            return Arrays.equals(PathCalls.readLink("/proc/self/fd/" + number), LINK);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    private static void add(int epoll, List<Watch> watches) throws IOException {
        try {
            Path file = Path.of("/proc/self/fdinfo/" + epoll);
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                Matcher watched = WATCHED.matcher(line);
                if (watched.matches()) {
                    watches.add(new Watch(
                            epoll, Integer.parseInt(watched.group(1)), Integer.parseUnsignedInt(watched.group(2), 16),
                            Long.parseUnsignedLong(watched.group(3), 16), Long.parseUnsignedLong(watched.group(4), 16)));
                }
            }
        } catch (NoSuchFileException e) {
            // Closed since the listing.
            return;
        }
    }
}
