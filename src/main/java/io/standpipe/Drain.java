// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.live.DrainOperation;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.WaitLimit;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Takes what is queued out of a pipe that is in use, so that a writer goes on whose reader is gone or stuck. Unlike all else here it does
 * consume: what is taken, no reader gets any more. By splice: payload does not enter user space on its way to a pipe or a file.
 *
 * <pre>{@code
 * DrainReport report = Drain.of(4711, 0).to(Path.of("rest.log"));
 * }</pre>
 *
 * One that was made serves one run.
 *
 * @since 0.1
 */
public final class Drain {

    private final int pid;
    private final int descriptor;
    private final DrainOperation.Options options;
    private final DrainOperation operation;

    private Drain(int pid, int descriptor, DrainOperation.Options options) {
        this.pid = pid;
        this.descriptor = descriptor;
        this.options = options;
        operation = new DrainOperation(pid, descriptor, options);
    }

    /**
     * What is queued now in the pipe that another process has at a descriptor: at either end of it. If nobody has the pipe open for
     * reading, it is opened for that.
     *
     * @throws IllegalArgumentException if {@code pid} is this process's or can be none's, or {@code descriptor} is negative
     */
    public static Drain of(long pid, int descriptor) {
        if (pid < 1 || pid > Integer.MAX_VALUE || pid == ProcessCalls.pid()) {
            throw new IllegalArgumentException("pid is " + pid + (pid == ProcessCalls.pid()
                    ? ", which is this process: it reads its own pipes" : ", expected 1 to " + Integer.MAX_VALUE));
        }
        if (descriptor < 0) {
            throw new IllegalArgumentException("descriptor is " + descriptor + ", expected 0 or more");
        }
        return new Drain((int) pid, descriptor, new DrainOperation.Options(false, false, null));
    }

    /** What is queued now in a pipe of another process, as {@link #of(long, int)} says. */
    public static Drain of(ProcessHandle process, int descriptor) {
        return of(process.pid(), descriptor);
    }

    /** What is queued now in a pipe of a process that was started here, as {@link #of(long, int)} says. */
    public static Drain of(Process process, int descriptor) {
        return of(process.pid(), descriptor);
    }

    /**
     * Goes on until the pipe is at its end, that is, until nobody has its write end any more, or until {@link #stop}; or until another
     * process reads, which the report's notes say then.
     */
    public Drain following() {
        return new Drain(pid, descriptor, new DrainOperation.Options(true, options.besideReaders(), options.timeout()));
    }

    /**
     * Takes the bytes although a process runs that has the pipe open for reading. Without this it is refused, unless that process is
     * stopped or frozen.
     */
    public Drain besideReaders() {
        return new Drain(pid, descriptor, new DrainOperation.Options(options.following(), true, options.timeout()));
    }

    /**
     * Waits no longer than this in all, for bytes where it follows, and for room where they go to: it ends as if it had been stopped
     * then. So it does if its thread is interrupted while it waits; the report's notes say so.
     *
     * @param most zero or more
     * @throws IllegalArgumentException if it is negative
     */
    public Drain timeout(Duration most) {
        WaitLimit.notNegative(most);
        return new Drain(pid, descriptor, new DrainOperation.Options(options.following(), options.besideReaders(), most));
    }

    /**
     * Sends the bytes to an fd of this process, which stays open.
     *
     * @throws ReaderRunsException if a process runs that would miss what is taken
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise: what was not written is still in the pipe, and the message says how much was
     */
    public DrainReport to(int output) throws StandpipeException {
        return operation.toFd(output);
    }

    /**
     * Writes the bytes to a new file of mode 0600, as {@link #to(int)} does.
     *
     * @throws ReaderRunsException if a process runs that would miss what is taken
     * @throws UnavailableException if the kernel, a permission or a limit does not allow it
     * @throws StandpipeException if it fails otherwise, also if there is a file of that name
     */
    public DrainReport to(Path file) throws StandpipeException {
        return operation.toFile(file);
    }

    /** Has a run in another thread end soon, with a report of what it has taken. */
    public void stop() {
        operation.stop();
    }
}
