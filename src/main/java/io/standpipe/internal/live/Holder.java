// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.internal.exec.Command;
import io.standpipe.internal.exec.GatedCommands;
import io.standpipe.internal.exec.MemoryProgram;
import io.standpipe.internal.jni.NativePrograms;
import io.standpipe.internal.sys.CommandSettings;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.FileCalls;
import io.standpipe.internal.sys.NativeMemory;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.PipeEnds;
import io.standpipe.pipe.PipeFlags;
import io.standpipe.pipe.Pipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A small process without a JVM that keeps ends open at the fds where they were, and reads and writes nothing. It is no child of this
 * process, and goes on when this process ends, even if that is killed.
 */
public final class Holder implements AutoCloseable {

    /** What is written to {@link #control} so that the holder goes on when that is closed. */
    public static final char STAY = 'S';

    /** What ps shows. */
    static final String NAME = "standpipe-hold";

    private static final int STREAMS = 3;
    private static final char END = 'E';

    private final int pid;
    private final Instant until;
    private final String whose;
    private final Fd control;

    private Holder(int pid, Instant until, String whose, Fd control) {
        this.pid = pid;
        this.until = until;
        this.whose = whose;
        this.control = control;
    }

    /**
     * Starts the process, which ends with this object, or with this process, until {@link #stay}.
     *
     * @param time after which it ends by itself
     */
    public static Holder start(HeldEnds ends, Duration time) throws StandpipeException {
        checkFdLimit(ends);
        return start(ends.process(), ends.placement(), time);
    }

    /**
     * Starts the process, as {@link #start(HeldEnds, Duration)} does.
     *
     * @param whose the ends were, for people
     * @param placement fd in the process, to the fd of this process that it gets there
     */
    public static Holder start(String whose, Map<Integer, Integer> placement, Duration time) throws StandpipeException {
        Instant until = Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS);
        String argument = "ends of " + whose + ", descriptors " + placement.keySet().stream().map(Object::toString).toList()
                + ", until " + until;
        try (MemoryProgram program = program(); ControlPipes pipes = ControlPipes.open()) {
            Map<Integer, Integer> all = new TreeMap<>(placement);
            int ready = addUnused(all, pipes.ready().writeFd());
            int control = addUnused(all, pipes.control().readFd());
            CommandSettings settings = CommandSettings.withEnvironment(Stream.of(
                            "FOR_SECONDS=" + Math.max(1, time.toSeconds()), "DROP=" + streamsExcept(placement.keySet()),
                            "READY=" + ready, "CONTROL=" + control)
                    .map(variable -> variable.getBytes(StandardCharsets.US_ASCII)).toList());
            Command command = new Command(List.of(NAME, argument), program.path());
            try (GatedCommands gate = GatedCommands.open()) {
                int parent = gate.add(command, all, Set.of(), settings);
                gate.start();
                pipes.ready().writeEnd().close();
                int pid = pipes.awaitReady();
                ProcessCalls.waitFor(parent);
                return new Holder(pid, until, whose, pipes.takeControl());
            }
        } catch (ErrnoException e) {
            throw Failures.of("the process that is to hold the ends of " + whose, e);
        }
    }

    private static void checkFdLimit(HeldEnds ends) throws StandpipeException {
        try {
            long limit = ProcessCalls.descriptorLimit();
            int highest = ends.placement().keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
            if (highest >= limit) {
                throw new UnavailableException("descriptor " + highest + " of " + ends.process() + ": numbers end at " + (limit - 1)
                        + " here (RLIMIT_NOFILE): raise it with ulimit -n " + (highest + 1L));
            }
        } catch (ErrnoException e) {
            throw Failures.of("the limit of descriptors", e);
        }
    }

    /** Returns the standard streams that are not held, as bits. A reader of this process's output would wait for their end. */
    private static int streamsExcept(Set<Integer> held) {
        int streams = 0;
        for (int fd = 0; fd < STREAMS; fd++) {
            streams |= held.contains(fd) ? 0 : 1 << fd;
        }
        return streams;
    }

    /** Puts an fd of this process at the lowest fd that is not taken from 3 on, and returns that. */
    private static int addUnused(Map<Integer, Integer> placement, int fd) {
        int number = STREAMS;
        while (placement.containsKey(number)) {
            number++;
        }
        placement.put(number, fd);
        return number;
    }

    private static MemoryProgram program() throws StandpipeException {
        try {
            return MemoryProgram.of(NAME, NativePrograms.holder());
        } catch (IOException e) {
            throw Failures.of("cannot make the program " + NAME, e);
        }
    }

    /** The pipes between this process and the holder. */
    private static final class ControlPipes implements AutoCloseable {

        private final PipeEnds ready;
        private final PipeEnds control;

        private ControlPipes(PipeEnds ready, PipeEnds control) {
            this.ready = ready;
            this.control = control;
        }

        static ControlPipes open() throws ErrnoException {
            PipeEnds ready = Pipes.pipe2(PipeFlags.O_CLOEXEC);
            try {
                return new ControlPipes(ready, Pipes.pipe2(PipeFlags.O_CLOEXEC));
            } catch (ErrnoException e) {
                ready.close();
                throw e;
            }
        }

        PipeEnds ready() {
            return ready;
        }

        PipeEnds control() {
            return control;
        }

        /** Waits until the holder is there, and returns its pid. */
        int awaitReady() throws ErrnoException, StandpipeException {
            NativeMemory pid = NativeMemory.nativeOrder(Integer.BYTES);
            for (long at = 0; at < Integer.BYTES; ) {
                long read = PipeCalls.read(ready.readFd(), pid, at, Integer.BYTES - at);
                if (read == 0) {
                    throw new StandpipeException("the process that is to hold ends has ended at once");
                }
                at += read;
            }
            return pid.buffer().getInt(0);
        }

        Fd takeControl() {
            return Fd.owning(control.writeEnd().release());
        }

        @Override
        public void close() {
            ready.close();
            control.close();
        }
    }

    /** Returns the holder's pid. */
    public int pid() {
        return pid;
    }

    /** Has the holder go on after this object is closed, or this process has ended. */
    public void stay() throws StandpipeException {
        tell(STAY);
    }

    /** Has the holder end once this object is closed or this process has ended, also by becoming a command. */
    public void endWithThis() throws StandpipeException {
        tell(END);
    }

    private void tell(char what) throws StandpipeException {
        try {
            NativeMemory memory = NativeMemory.nativeOrder(1);
            memory.buffer().put(0, (byte) what);
            FileCalls.write(control.number(), memory, 0, 1);
        } catch (ErrnoException e) {
            throw Failures.of("process " + pid + ", which holds the ends of " + whose, e);
        }
    }

    /** Returns the fd that decides: when nobody has it any more the holder ends, unless it was told to stay. */
    public Fd control() {
        return control;
    }

    /** Returns what holds whose ends until when. */
    public String describe() {
        return "the ends of " + whose + " are held by process " + pid + " (" + NAME + ") until " + until;
    }

    @Override
    public void close() {
        control.close();
    }
}
