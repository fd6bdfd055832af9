// SPDX-License-Identifier: Apache-2.0
package io.standpipe.survey;

import io.standpipe.bridge.BpfCalls;
import io.standpipe.bridge.ErrnoException;
import io.standpipe.bridge.Fd;
import io.standpipe.bridge.NativeMemory;
import io.standpipe.bridge.PipeCalls;
import io.standpipe.bridge.ProcessCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes surveys: the kernel goes through the descriptors of this process, and a program tells what it has for each pipe. For one
 * thread, which is to be the one that opened it. Holds a descriptor until it is closed, and then its surveys are of no use any more.
 */
public final class Surveyor implements AutoCloseable {

    /** One read tells no more. */
    private static final int MOST_AT_ONCE = 8 * 4096;

    private final KernelLayout kernel;
    private final long pipeFileSystem;
    private final Fd link;
    private final List<NativeMemory> taken = new ArrayList<>(2);

    private Surveyor(KernelLayout kernel, long pipeFileSystem, Fd link) {
        this.kernel = kernel;
        this.pipeFileSystem = pipeFileSystem;
        this.link = link;
    }

    /** @throws ErrnoException where the kernel does not allow it */
    static Surveyor open(KernelLayout kernel, long pipeFileSystem) throws IOException {
        try (Fd memory = BpfCalls.memory(SurveyProgram.memoryBytes(kernel));
                Fd program = BpfCalls.iteratorProgram(
                        SurveyProgram.of(kernel, memory.number()), kernel.iterator, SurveyProgram.LICENSE)) {
            // The calling thread shares its table of descriptors with the whole JVM; the first one may have ended.
            return new Surveyor(kernel, pipeFileSystem, BpfCalls.linkToThread(program, ProcessCalls.thread()));
        }
    }

    /** The pipes of this process as they are now. */
    public Survey take() throws ErrnoException {
        NativeMemory memory = SurveyMemory.take();
        int length = 0;
        try (Fd iteration = BpfCalls.iteration(link)) {
            while (true) {
                if (memory.sizeBytes() - length < MOST_AT_ONCE) {
                    memory = SurveyMemory.larger(memory);
                }
                long told = PipeCalls.read(iteration.number(), memory, length, memory.sizeBytes() - length);
                if (told == 0) {
                    break;
                }
                length += (int) Math.max(0, told);
            }
        }
        taken.add(memory);
        return new Survey(memory.buffer().limit(length), kernel, pipeFileSystem);
    }

    /** A look at single descriptors, which the caller closes; null where there is none to be had. */
    public Look look() throws ErrnoException {
        return kernel.cast < 0 ? null : Look.open(kernel);
    }

    @Override
    public void close() {
        link.close();
        taken.forEach(SurveyMemory::giveBack);
        taken.clear();
    }
}
