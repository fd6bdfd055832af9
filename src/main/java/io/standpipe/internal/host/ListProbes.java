// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import static io.standpipe.HostFinding.Level.LIMITED;

import io.standpipe.internal.host.Findings.Feature;
import io.standpipe.internal.sys.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a look at pipes in use needs besides. */
final class ListProbes {

    private static final Feature SOCKETS = new Feature("sock_diag", "CONFIG_UNIX_DIAG", LIMITED,
            "shows both ends of sockets that stand in place of pipes", "sockets in place of pipes are listed without their other end");
    private static final Feature CALLS = new Feature("/proc/PID/syscall", "CONFIG_HAVE_ARCH_TRACEHOOK", LIMITED,
            "shows in which call a thread waits", "is not there: in which call a thread waits is not shown");

    private ListProbes() {}

    static void run(Findings findings) throws IOException {
        findings.attempt(SOCKETS, UnixSocket::all);
        findings.found(CALLS, Files.isReadable(Path.of("/proc/self/syscall")));
    }
}
