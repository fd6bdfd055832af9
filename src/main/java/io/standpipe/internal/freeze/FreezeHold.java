// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.FreezeCall;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
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
     * @param report gets a byte once everything is frozen, and is at its end once nothing is frozen any more
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

        void openGate() throws ErrnoException {
            FileCalls.write(gate.writeFd(), NativeMemory.nativeOrder(1), 0, 1);
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
    private volatile @Nullable ErrnoException failure;

    private FreezeHold(FreezeCall call, Channels channels) {
        this.call = call;
        this.channels = channels;
    }

    /**
     * Freezes, and returns when everything is frozen.
     *
     * @throws ErrnoException as {@link FreezeCall#capture}; then nothing is frozen
     */
    static FreezeHold begin(FreezeCall call) throws ErrnoException {
        Channels channels = Channels.open();
        boolean frozen = false;
        try {
            FreezeHold hold = new FreezeHold(call, channels);
            Thread thread = new Thread(hold::run, "standpipe-freeze");
            thread.setDaemon(true);
            thread.start();
            frozen = channels.awaitReport();
            if (!frozen) {
                throw Objects.requireNonNull(hold.failure);
            }
            return hold;
        } finally {
            if (!frozen) {
                channels.close();
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
        try (channels) {
            channels.openGate();
            channels.awaitReport();
            if (failure != null) {
                throw failure;
            }
        } catch (ErrnoException e) {
            throw new StandpipeException("the freeze ended too early: " + e.getMessage(), e);
        }
    }
}
