// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.BpfCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes surveys: the kernel goes through the descriptors of this process or another one, and a program tells what it has for
 * each pipe. For one thread, which is to be the one that opened it. Holds descriptors until it is closed, and then its surveys are
 * of no use any more.
 */
public final class Surveyor implements AutoCloseable {

    /** One read tells no more. */
    private static final int MOST_AT_ONCE = 8 * 4096;

    private static final SpareProgram SPARE = new SpareProgram();

    private final KernelLayout kernel;
    private final long pipeFileSystem;
    private Fd program;
    private final Fd link;
    private final List<SurveyMemory> taken = new ArrayList<>(2);

    private Surveyor(KernelLayout kernel, long pipeFileSystem, Fd program, Fd link) {
        this.kernel = kernel;
        this.pipeFileSystem = pipeFileSystem;
        this.program = program;
        this.link = link;
    }

    /**
     * Opens one.
     *
     * @param thread whose table of descriptors it is about
     * @throws ErrnoException where the kernel does not allow it
     */
    static Surveyor open(KernelLayout kernel, long pipeFileSystem, int thread) throws IOException {
        Fd program = program(kernel);
        boolean linked = false;
        try {
            Fd link = BpfCalls.linkToThread(program, thread);
            linked = true;
            return new Surveyor(kernel, pipeFileSystem, program, link);
        } finally {
            if (!linked) {
                program.close();
            }
        }
    }

    private static Fd program(KernelLayout kernel) throws ErrnoException {
        Fd spare = SPARE.take(kernel);
        if (spare != null) {
            return spare;
        }
        try (Fd memory = BpfCalls.memory(SurveyProgram.memoryBytes(kernel))) {
            return BpfCalls.iteratorProgram(
                    SurveyProgram.of(kernel, memory.number()), kernel.iterator, SurveyProgram.LICENSE);
        }
    }

    /** Whether the next one need not wait for a program to be accepted. */
    static boolean hasSpare() {
        return SPARE.isThere();
    }

    /** Closes what is kept for the next one. */
    static void letGo() {
        SPARE.letGo();
    }

    /** The pipes of the process as they are now; none where the thread has ended. */
    public Survey take() throws ErrnoException {
        SurveyMemory memory = SurveyMemory.take();
        int length = 0;
        try (Fd iteration = BpfCalls.iteration(link)) {
            while (true) {
                if (memory.records().sizeBytes() - length < MOST_AT_ONCE) {
                    memory.enlarge();
                }
                NativeMemory records = memory.records();
                long told = PipeCalls.read(iteration.number(), records, length, records.sizeBytes() - length);
                if (told == 0) {
                    break;
                }
                length += (int) Math.max(0, told);
            }
        }
        taken.add(memory);
        return new Survey(memory, length, kernel, pipeFileSystem);
    }

    /** A look at single descriptors, which the caller closes; null where there is none to be had. */
    public Look look() throws ErrnoException {
        return kernel.cast < 0 ? null : Look.open(kernel);
    }

    @Override
    public void close() {
        link.close();
        SPARE.giveBack(kernel, program);
        program = null;
        taken.forEach(SurveyMemory::giveBack);
        taken.clear();
    }
}
