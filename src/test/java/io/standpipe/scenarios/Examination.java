// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import io.standpipe.internal.sys.FileDescriptionCalls;
import io.standpipe.internal.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at all pipes of some processes by every call that shows something of them, and then fills, empties and closes them. What the
 * processes answer is in their transcripts, and what they share is in the result.
 */
final class Examination {

    /** Lengths that fit no page, so that reads and writes end within slots. */
    private static final int WRITE = 1000;
    private static final int READ = 5000;

    /** An fd of one of the processes. */
    private record End(int process, Puppet puppet, int fd, Object inode, boolean reads, boolean writes) {

        String named() {
            return "process " + process + " fd " + fd;
        }
    }

    private final Puppet[] cast;
    private final List<String> shared = new ArrayList<>();
    private List<End> ends = List.of();

    private Examination(Puppet[] cast) {
        this.cast = cast;
    }

    /** Examines processes after an act; returns which ends are of the same pipe and of the same description. */
    static List<String> of(Puppet[] cast, Play.Act act) throws IOException, InterruptedException {
        Examination examination = new Examination(cast);
        for (int i = 0; i < cast.length; i++) {
            examination.shared.add("process " + i + ": " + processesWithItsTable(cast[i].pid()) + " descendants with its table of fds");
        }
        examination.look();
        act.with(cast);
        examination.look();
        examination.fill();
        examination.empty();
        examination.fill();
        examination.empty();
        examination.closeWriters();
        examination.closeReaders();
        return examination.shared;
    }

    /** Changes nothing. */
    private void look() throws IOException {
        ends = new ArrayList<>();
        for (int i = 0; i < cast.length; i++) {
            cast[i].ask("signals");
            for (String word : cast[i].ask("fds").split(" ")) {
                if (!word.isEmpty()) {
                    ends.add(look(i, Integer.parseInt(word)));
                }
            }
        }
        group("pipe", (one, other) -> one.inode.equals(other.inode));
        group("description", (one, other) ->
                FileDescriptionCalls.isSame(one.puppet.pid(), one.fd, other.puppet.pid(), other.fd));
    }

    private End look(int process, int fd) throws IOException {
        Puppet puppet = cast[process];
        for (String call : List.of("name", "inode", "getfd", "getpipe", "getown", "owneruids", "getsig", "queued")) {
            puppet.ask(call + " " + fd);
        }
        puppet.ask("poll " + fd + " POLLIN|POLLOUT");
        String flags = "|" + puppet.ask("getfl " + fd) + "|";
        boolean both = flags.contains("|O_RDWR|");
        boolean writes = flags.contains("|O_WRONLY|");
        return new End(process, puppet, fd, inode(puppet, fd), both || !writes, both || writes);
    }

    private static long processesWithItsTable(int pid) throws IOException {
        long count = 0;
        for (ProcessHandle child : ProcessHandle.of(pid).orElseThrow().descendants().toList()) {
            count += ProcessCalls.compareTables(pid, (int) child.pid()) == 0 ? 1 : 0;
        }
        return count;
    }

    private static Object inode(Puppet puppet, int fd) throws IOException {
        return Files.readAttributes(Path.of("/proc/" + puppet.pid() + "/fd/" + fd), "unix:dev,ino");
    }

    private interface Comparison {
        boolean isSame(End one, End other) throws IOException;
    }

    /** Adds for each end the first one that is the same. */
    private void group(String what, Comparison comparison) throws IOException {
        List<End> firsts = new ArrayList<>();
        for (End end : ends) {
            End first = null;
            for (int i = 0; i < firsts.size() && first == null; i++) {
                first = comparison.isSame(firsts.get(i), end) ? firsts.get(i) : null;
            }
            if (first == null) {
                first = end;
                firsts.add(end);
            }
            shared.add(end.named() + ": " + what + " of " + first.named());
        }
    }

    private void fill() throws IOException {
        for (End end : ends) {
            if (end.writes) {
                end.puppet.ask("writes " + end.fd + " " + WRITE);
                end.puppet.ask("writes " + end.fd + " 1");
            }
        }
        look();
    }

    private void empty() throws IOException {
        for (End end : ends) {
            if (end.reads) {
                end.puppet.ask("reads " + end.fd + " " + READ);
            }
        }
        look();
    }

    /** Readers see the end when the last one is closed, and not before. */
    private void closeWriters() throws IOException {
        for (End end : ends) {
            if (end.writes && !end.reads) {
                end.puppet.ask("close " + end.fd);
                pollReaders();
            }
        }
        empty();
    }

    /** A writer that is opened anew gets EPIPE when the last one is closed, and not before. */
    private void closeReaders() throws IOException {
        for (End end : ends) {
            if (end.reads) {
                end.puppet.ask("reopen " + end.fd + " O_WRONLY|O_NONBLOCK " + (100 + end.fd));
            }
        }
        for (End end : ends) {
            end.puppet.ask("close " + end.fd);
            for (End other : ends) {
                other.puppet.ask("write " + (100 + other.fd) + " 00");
            }
        }
    }

    private void pollReaders() throws IOException {
        for (End end : ends) {
            if (end.reads) {
                end.puppet.ask("poll " + end.fd + " POLLIN");
            }
        }
    }
}
