// SPDX-License-Identifier: Apache-2.0
package io.standpipe.bridge;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Small programs that the kernel checks and then runs itself (bpf): those that look at the descriptors of one thread. */
public final class BpfCalls {

    private static final int MAP_CREATE = 0;
    private static final int PROG_LOAD = 5;
    private static final int PROG_TEST_RUN = 10;
    private static final int LINK_CREATE = 28;
    private static final int ITER_CREATE = 33;

    private static final int MAP_TYPE_ARRAY = 2;
    private static final int PROG_TYPE_TRACING = 26;
    private static final int PROG_TYPE_SYSCALL = 31;
    private static final int SLEEPABLE = 1 << 4;
    private static final int TRACE_ITER = 28;
    private static final int INSTRUCTION_LENGTH = 8;
    private static final int THREAD_LENGTH = 16;
    private static final int ATTRIBUTES_LENGTH = 128;

    private static final byte[] NAME = "standpipe".getBytes(StandardCharsets.US_ASCII);

    /** So often the verifier may be interrupted by a signal. */
    private static final int MOST_TRIES = 5;

    private BpfCalls() {}

    /** Memory that a program can write to: an array of one value. */
    public static Fd memory(int sizeBytes) throws ErrnoException {
        NativeMemory attributes = NativeMemory.nativeOrder(ATTRIBUTES_LENGTH);
        attributes.buffer().putInt(0, MAP_TYPE_ARRAY).putInt(4, Integer.BYTES).putInt(8, sizeBytes).putInt(12, 1);
        return call(MAP_CREATE, attributes, "bpf(BPF_MAP_CREATE, value_size=" + sizeBytes + ")");
    }

    /**
     * A program that the kernel runs for each item of an iteration.
     *
     * @param instructions a direct buffer in the machine's own byte order, from its beginning to its limit
     * @param target the id in BTF of the function that stands for what is iterated
     * @param licenseName under which the program is offered, in the kernel's words
     */
    public static Fd iteratorProgram(ByteBuffer instructions, int target, String licenseName) throws ErrnoException {
        NativeMemory attributes = NativeMemory.nativeOrder(ATTRIBUTES_LENGTH);
        attributes.buffer().putInt(0, PROG_TYPE_TRACING).putInt(68, TRACE_ITER).putInt(108, target);
        return program(attributes, instructions, licenseName);
    }

    /**
     * A program that the kernel runs when it is told to.
     *
     * @param instructions a direct buffer in the machine's own byte order, from its beginning to its limit
     * @param licenseName under which the program is offered, in the kernel's words
     */
    public static Fd callableProgram(ByteBuffer instructions, String licenseName) throws ErrnoException {
        NativeMemory attributes = NativeMemory.nativeOrder(ATTRIBUTES_LENGTH);
        attributes.buffer().putInt(0, PROG_TYPE_SYSCALL).putInt(44, SLEEPABLE);
        return program(attributes, instructions, licenseName);
    }

    private static Fd program(NativeMemory attributes, ByteBuffer instructions, String licenseName)
            throws ErrnoException {
        NativeMemory license = NativeMemory.ofString(licenseName);
        attributes.buffer()
                .putInt(4, instructions.limit() / INSTRUCTION_LENGTH)
                .putLong(8, NativeMemory.addressOf(instructions))
                .putLong(16, license.address())
                .put(48, NAME);
        try {
            for (int i = 1; ; i++) {
                try {
                    return call(PROG_LOAD, attributes, "bpf(BPF_PROG_LOAD)");
                } catch (ErrnoException e) {
                    if (e.errno() != Errno.EAGAIN || i == MOST_TRIES) {
                        throw e;
                    }
                }
            }
        } finally {
            Reference.reachabilityFence(license);
            Reference.reachabilityFence(instructions);
        }
    }

    /** What {@link #run} is to be given: of a program and its memory, where it finds what it is asked and puts its answer. */
    public static NativeMemory order(Fd program, NativeMemory memory) {
        NativeMemory order = NativeMemory.nativeOrder(ATTRIBUTES_LENGTH);
        order.buffer().putInt(0, program.number()).putInt(40, memory.sizeBytes()).putLong(48, memory.address());
        return order;
    }

    /** Runs a callable program once. */
    public static void run(NativeMemory order) throws ErrnoException {
        int result = Native.sp_bpf(PROG_TEST_RUN, order.address(), order.sizeBytes());
        Reference.reachabilityFence(order);
        if (result < 0) {
            throw new ErrnoException(result, "bpf(BPF_PROG_TEST_RUN)");
        }
    }

    /** Sets a program on the descriptors of one thread of this process. */
    public static Fd linkToThread(Fd program, int thread) throws ErrnoException {
        NativeMemory target = NativeMemory.nativeOrder(THREAD_LENGTH);
        target.buffer().putInt(0, thread);
        NativeMemory attributes = NativeMemory.nativeOrder(ATTRIBUTES_LENGTH);
        attributes.buffer()
                .putInt(0, program.number())
                .putInt(8, TRACE_ITER)
                .putLong(16, target.address())
                .putInt(24, THREAD_LENGTH);
        try {
            return call(LINK_CREATE, attributes, "bpf(BPF_LINK_CREATE, tid=" + thread + ")");
        } finally {
            Reference.reachabilityFence(target);
        }
    }

    /** A new iteration, which begins when it is read: what the program tells comes out. */
    public static Fd iteration(Fd link) throws ErrnoException {
        NativeMemory attributes = NativeMemory.nativeOrder(ATTRIBUTES_LENGTH);
        attributes.buffer().putInt(0, link.number());
        return call(ITER_CREATE, attributes, "bpf(BPF_ITER_CREATE)");
    }

    private static Fd call(int command, NativeMemory attributes, String what) throws ErrnoException {
        int result = Native.sp_bpf(command, attributes.address(), attributes.sizeBytes());
        Reference.reachabilityFence(attributes);
        if (result < 0) {
            throw new ErrnoException(result, what);
        }
        return Fd.owning(result);
    }
}
