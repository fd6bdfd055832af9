// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;

/** Another process, which holds both ends of pipes and does nothing else. */
final class PipeHolder implements AutoCloseable {

    private final Process process;

    /**
     * Returns when the pipes are filled.
     *
     * @param how "hold", or "hold-on" for a process in a session of its own, which CRIU can restore; or "odd"
     * @param what the set, or the kind of odd pipes
     */
    PipeHolder(String how, String what) throws IOException {
        this(what, Floor.start(how, what));
    }

    /** Returns a process with threads, when the pipes are filled. */
    static PipeHolder withThreads(String set, int threads) throws IOException {
        return new PipeHolder(set, Floor.start("hold", set, Integer.toString(threads)));
    }

    /** Returns a process with children, each of which holds the pipes of a set, when all are filled. */
    static PipeHolder ofTree(String set, int children) throws IOException {
        return new PipeHolder(set, Floor.start("hold-tree", set, Integer.toString(children)));
    }

    private PipeHolder(String what, Process started) throws IOException {
        process = started;
        // The holder closes its output when the pipes are there, or by ending.
        if (process.getInputStream().read() != -1 || !process.isAlive()) {
            throw new IOException("no process holds " + what);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Returns the pids of its children. */
    long[] children() {
        return process.children().mapToLong(ProcessHandle::pid).toArray();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Floor.await(process);
    }
}
