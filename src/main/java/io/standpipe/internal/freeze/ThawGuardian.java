// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.sys.FdCalls;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.Flags;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A child that lets frozen processes run again if this process ends without having done so, be it by kill -9, or could not do
 * it: it waits for the end of a pipe that only this process can write to. It ignores the signals of a terminal.
 */
final class ThawGuardian {

    private static final String SCRIPT = String.join("\n",
            "trap '' INT TERM HUP QUIT TSTP TTIN TTOU PIPE",
            "stopped=",
            "while IFS= read -r line; do",
            "  case $line in",
            "    'stop '*) stopped=\"$stopped ${line#stop }\" ;;",
            "    'file '*) line=${line#file }; set -- \"$@\" \"${line%% *}\" \"${line#* }\" ;;",
            "    thawed) exit 0 ;;",
            "  esac",
            "done",
            "while [ $# -gt 1 ]; do printf '%s\\n' \"$1\" > \"$2\"; shift 2; done",
            "[ -z \"$stopped\" ] || kill -CONT $stopped");

    /** What the JDK needs for the start of a child: pipes, files, and the libraries of the program that it starts it with. */
    private static final int DESCRIPTORS_NEEDED = 16;

    private final Process shell;
    private final OutputStream line;

    ThawGuardian() throws IOException {
        makeSureOfDescriptors();
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", SCRIPT, "standpipe-guardian")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        shell = builder.start();
        line = shell.getOutputStream();
    }

    /**
     * A start that fails for want of descriptors must not be tried: there JDK 17 closes numbers that it finds in memory it has not
     * written to, and those may be anybody's.
     */
    private static void makeSureOfDescriptors() throws ErrnoException {
        List<Fd> spare = new ArrayList<>();
        try {
            spare.add(FileCalls.open(FileCalls.CURRENT_DIRECTORY, "/dev/null", Flags.O_WRONLY, 0));
            while (spare.size() < DESCRIPTORS_NEEDED) {
                spare.add(FdCalls.duplicate(spare.get(0).number()));
            }
        } finally {
            spare.forEach(Fd::close);
        }
    }

    /** Says that a process is about to be stopped. */
    void stopping(int pid) throws IOException {
        say("stop " + pid);
    }

    /** Says that a text written to a file would undo what is about to be done. */
    void freezing(String thawing, String path) throws IOException {
        say("file " + thawing + " " + path);
    }

    private void say(String words) throws IOException {
        line.write((words + "\n").getBytes(StandardCharsets.UTF_8));
        line.flush();
    }

    /**
     * Waits for the child's end.
     *
     * @param thawed whether all run again; else the child sees to that
     */
    void close(boolean thawed) {
        try {
            if (thawed) {
                say("thawed");
            }
            line.close();
        } catch (IOException e) {
            // Then it reads the end, and does what is done already.
            System.getLogger(ThawGuardian.class.getName()).log(System.Logger.Level.DEBUG, "guardian is gone", e);
        }
        boolean interrupted = false;
        while (shell.isAlive()) {
            try {
                shell.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
