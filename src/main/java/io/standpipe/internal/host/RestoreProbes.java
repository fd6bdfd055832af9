// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import static io.standpipe.HostFinding.Level.LIMITED;
import static io.standpipe.HostFinding.Level.MISSING;

import io.standpipe.internal.host.Findings.Feature;
import io.standpipe.internal.pipes.PipePair;
import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PathCalls;
import io.standpipe.pipe.Fd;
import java.io.IOException;

/** What a restore needs. */
final class RestoreProbes {

    private static final String BY_LISTING = "/proc/self/fd is read instead, which takes longer";

    private static final Feature OPENAT2 = new Feature("openat2", "5.6", MISSING,
            "keeps the path of a FIFO inside a directory", "no FIFO can be saved, nor restored at its path");
    private static final Feature MEMFD = new Feature("memfd_create", "3.17", MISSING,
            "keeps images that come through a pipe, and reserves numbers",
            "an image cannot come through a pipe, nothing can be restored in place, and hold and swap are refused");
    private static final Feature CLOSE_RANGE = new Feature("close_range", "5.9", LIMITED,
            "closes what a command is not to have", BY_LISTING);
    private static final Feature AT_EXEC = new Feature("CLOSE_RANGE_CLOEXEC", "5.11", LIMITED,
            "has an exec close it", BY_LISTING);
    private static final Feature QUERY = new Feature("F_DUPFD_QUERY", "6.10", LIMITED,
            "compares descriptions in a restore in place", "kcmp or an epoll set compares instead, which takes longer");

    private RestoreProbes() {}

    static void run(Findings findings) throws IOException {
        findings.attempt(OPENAT2, () -> {
            try (Fd root = FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/", Flags.O_PATH, 0)) {
                PathCalls.openBeneath(root.number(), PathCalls.bytes("."), Flags.O_PATH).close();
            }
        });
        findings.attempt(MEMFD, () -> FileCalls.memoryFile("check").close());
        findings.attempt(CLOSE_RANGE, () -> {
            try (PipePair pipe = PipePair.open(); Fd copy = FdCalls.duplicate(pipe.readFd())) {
                FdCalls.closeRange(copy);
            }
        });
        findings.attempt(AT_EXEC, () -> {
            try (PipePair pipe = PipePair.open()) {
                FdCalls.closeRangeAtExec(pipe.readFd());
            }
        });
        findings.attempt(QUERY, () -> {
            try (PipePair pipe = PipePair.open()) {
                FileDescriptionCalls.query(pipe.readFd());
            }
        });
    }
}
