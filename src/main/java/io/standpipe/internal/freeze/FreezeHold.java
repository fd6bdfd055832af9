// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Reasons;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A freeze that lasts while Java code runs: a thread of its own waits in the native call that freezes and thaws. */
final class FreezeHold {

    /**
     * What the native call and its thread need.
     *
     * @param report gets a byte once everything is frozen, and is at its end without one if that fails
     * @param gate gets a byte when everything is to be thawed
     * @param ownPidfd this process, whose end thaws everything, too
     */
    private record Channels(PipeEnds report, PipeEnds gate, Fd ownPidfd) implements AutoCloseable {

        static Channels open() throws ErrnoException {
            PipeEnds report = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            try {
                PipeEnds gate = Pipes.pipe2(PipeFlags.O_CLOEXEC);
                try {
                    return new Channels(report, gate, ProcessCalls.pidfdOpen(ProcessCalls.pid()));
                } catch (ErrnoException e) {
                    gate.close();
                    throw e;
                }
            } catch (ErrnoException e) {
                report.close();
                throw e;
            }
        }

        boolean awaitReport() throws ErrnoException {
            return PipeCalls.read(report.readFd(), NativeMemory.nativeOrder(1), 0, 1) == 1;
        }

        /** Its end alone would do, but might come late: a process that is forked just now has a duplicate until its exec. */
        void openGate() {
            try {
                FileCalls.write(gate.writeFd(), NativeMemory.nativeOrder(1), 0, 1);
            } catch (ErrnoException e) {
                System.getLogger(FreezeHold.class.getName()).log(System.Logger.Level.DEBUG, "thawed by the gate's end", e);
            }
            gate.writeEnd().close();
        }

        @Override
        public void close() {
            report.close();
            gate.close();
            ownPidfd.close();
        }
    }

    private final FreezeCall call;
    private final Channels channels;
    private final Thread thread;
    private volatile @Nullable ErrnoException failure;

    private FreezeHold(FreezeCall call, Channels channels) {
        this.call = call;
        this.channels = channels;
        thread = new Thread(this::run, "standpipe-freeze");
        thread.setDaemon(true);
    }

    /**
     * Freezes, and returns when everything is frozen.
     *
     * @throws ErrnoException as {@link FreezeCall#capture}; then nothing is frozen
     */
    static FreezeHold begin(FreezeCall call) throws ErrnoException {
        FreezeHold hold = new FreezeHold(call, Channels.open());
        boolean frozen = false;
        try {
            hold.thread.start();
            frozen = hold.channels.awaitReport();
            if (!frozen) {
                throw Objects.requireNonNull(hold.failure);
            }
            return hold;
        } finally {
            if (!frozen) {
                hold.release();
            }
        }
    }

    private void run() {
        try {
            call.hold(channels.report().writeFd(), channels.gate().readFd(), channels.ownPidfd().number());
        } catch (ErrnoException e) {
            failure = e;
        } finally {
            channels.report().writeEnd().close();
        }
    }

    /** Thaws. The thread must have ended before the fds that it uses are closed. */
    private void release() {
        channels.openGate();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        channels.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether a thread was in a call that lends pages when it was frozen. */
    boolean lendsPages() {
        return call.lendsPages();
    }

    /**
     * Thaws, and returns when everything runs again.
     *
     * @throws StandpipeException if the freeze had ended before
     */
    void end() throws StandpipeException {
        release();
        if (failure != null) {
            throw new StandpipeException("the freeze ended too early: " + Reasons.of(failure), failure);
        }
    }
}
