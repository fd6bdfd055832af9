// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.sys.BlockingCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A system call in which a thread may wait for a pipe.
 *
 * @param inputs the fds that the call takes bytes from, or waits for bytes of
 * @param outputs the fds that the call gives bytes to, or waits for room of
 * @param edges those of them that an epoll set reports only when something changes (EPOLLET)
 * @param epoll the fd of the epoll set that the call is about, or -1
 * @param complete false if the call has fds that could not be found out
 */
record BlockedCall(BlockingCall call, BitSet inputs, BitSet outputs, BitSet edges, int epoll, boolean complete) {

    private static final int POLLFD_BYTES = 8;
    private static final int POLLFD_EVENTS = 4;
    /** POLLOUT, POLLWRNORM and POLLWRBAND, which EPOLLOUT and its like equal. */
    private static final int ROOM = 0x304;
    /** POLLIN, POLLPRI, POLLRDNORM and POLLRDBAND. */
    private static final int BYTES = 0x0c3;
    private static final int EPOLLET = 1 << 31;
    /** Structures of more bytes are not read. */
    private static final int MOST_BYTES = 1 << 20;

    /** Returns null if the thread is in none of the calls in which one waits for a pipe. */
    static @Nullable BlockedCall of(ThreadCall thread) {
        BlockingCall call = thread.number() == ThreadCall.NONE ? null : BlockingCall.of(thread.number());
        if (call == null || call == BlockingCall.RESTART && !mayBePoll(thread)) {
            return null;
        }
        int pid = thread.pid();
        BitSet inputs = new BitSet();
        BitSet outputs = new BitSet();
        BitSet edges = new BitSet();
        boolean complete = true;
        try {
            switch (call.fds()) {
                case ARGUMENTS:
                    addArgument(thread, call.input(), inputs);
                    addArgument(thread, call.output(), outputs);
                    break;
                case POLLFDS:
                    addPollfds(memory(pid, thread.argument(0), thread.argument(1) * POLLFD_BYTES), inputs, outputs);
                    break;
                case FD_SETS:
                    long lengthBytes = (thread.argument(0) + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
                    addSet(pid, thread.argument(1), lengthBytes, inputs);
                    addSet(pid, thread.argument(2), lengthBytes, outputs);
                    addSet(pid, thread.argument(3), lengthBytes, inputs);
                    break;
                case EPOLL:
                    for (EpollSets.Watch watch : EpollSets.watches(pid, (int) thread.argument(0))) {
                        add(watch.number(), watch.events(), inputs, outputs);
                        edges.set(watch.number(), (watch.events() & EPOLLET) != 0);
                    }
                    break;
            }
        } catch (IOException e) {
            complete = false; // The memory may not be read, or the call has returned meanwhile.
        }
        int epoll = call.fds() == BlockingCall.Fds.EPOLL ? (int) thread.argument(0) : -1;
        return new BlockedCall(call, inputs, outputs, edges, epoll, complete);
    }

    /** Whether a call that was restarted may be poll: the kernel's function in which the thread sleeps shows it. */
    private static boolean mayBePoll(ThreadCall thread) {
        try {
            String function = ProcFile.readLine("/proc/" + thread.pid() + "/task/" + thread.thread() + "/wchan");
            return function.equals("0") || function.contains("poll");
        } catch (IOException e) {
            return true;
        }
    }

    private static void addArgument(ThreadCall thread, int index, BitSet fds) {
        if (index >= 0 && (int) thread.argument(index) >= 0) {
            fds.set((int) thread.argument(index));
        }
    }

    private static ByteBuffer memory(int pid, long address, long lengthBytes) throws IOException {
        if (lengthBytes < 0 || lengthBytes > MOST_BYTES) {
            throw new IOException("a structure of " + lengthBytes + " bytes");
        }
        return ByteBuffer.wrap(ProcFile.readMemory(pid, address, (int) lengthBytes)).order(ByteOrder.nativeOrder());
    }

    private static void addPollfds(ByteBuffer pollfds, BitSet inputs, BitSet outputs) {
        for (int at = 0; at + POLLFD_BYTES <= pollfds.limit(); at += POLLFD_BYTES) {
            int events = pollfds.getShort(at + POLLFD_EVENTS);
            // With none of these, poll waits for the end of the other side, which is most like waiting for bytes.
            add(pollfds.getInt(at), (events & (BYTES | ROOM)) == 0 ? BYTES : events, inputs, outputs);
        }
    }

    private static void add(int fd, int events, BitSet inputs, BitSet outputs) {
        if (fd >= 0 && (events & BYTES) != 0) {
            inputs.set(fd);
        }
        if (fd >= 0 && (events & ROOM) != 0) {
            outputs.set(fd);
        }
    }

    private static void addSet(int pid, long address, long lengthBytes, BitSet fds) throws IOException {
        if (address != 0) {
            fds.or(BitSet.valueOf(memory(pid, address, lengthBytes).asLongBuffer()));
        }
    }

    /** Returns whether the call is on one of {@code fds}; an epoll set watches files, and not fds. */
    boolean isOn(BitSet fds) {
        return call.fds() != BlockingCall.Fds.EPOLL && (inputs.intersects(fds) || outputs.intersects(fds));
    }

    /** Returns whether the call waits at an fd that has O_NONBLOCK: poll and the like do, and vmsplice. */
    boolean waitsAtNonBlocking() {
        return call == BlockingCall.VMSPLICE || call.fds() != BlockingCall.Fds.ARGUMENTS;
    }

    /** Returns whether the call moves bytes from one pipe to another: it waits for the input if that is empty, or else for the output. */
    boolean movesBytes() {
        return call.input() >= 0 && call.output() >= 0;
    }
}
