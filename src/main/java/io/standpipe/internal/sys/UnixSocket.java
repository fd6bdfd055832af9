// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.ErrnoException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A Unix socket of any process of this network namespace, as the kernel describes it (sock_diag).
 *
 * @param ino the number in the link {@code socket:[N]} of its fds
 * @param peer the {@code ino} of the socket that it is connected to; 0 if there is none, or if that one was closed
 * @param type SOCK_STREAM 1, SOCK_DGRAM 2 or SOCK_SEQPACKET 5
 * @param state {@link #CONNECTED} or another state of the kernel's
 * @param named whether it is bound to a path or an abstract name
 * @param queuedBytes how many bytes can be read from it; of SOCK_DGRAM, the length of the first datagram
 * @param sentMemoryBytes how much memory that takes which it has sent, and its peer has not read yet
 * @param sendLimitBytes how much that may be (SO_SNDBUF): then a write waits
 */
public record UnixSocket(
        long ino, long peer, int type, int state, boolean named, int queuedBytes, long sentMemoryBytes, long sendLimitBytes) {

    public static final int STREAM = 1;
    public static final int SEQPACKET = 5;

    /** The state of a connected socket (TCP_ESTABLISHED). */
    public static final int CONNECTED = 1;

    /** poll reports room only while at most a quarter of the limit is used. */
    private static final int POLL_SHARE = 4;

    private static final int RECORD_BYTES = 64;
    private static final int FIRST_COUNT = 256;
    private static final int MORE_COUNT = 64;

    /** The calls that may fail, numbered as in socket.c. */
    private static final String[] CALLS = {
        "", "socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG)", "sendto(SOCK_DIAG_BY_FAMILY)", "recvfrom(SOCK_DIAG_BY_FAMILY)",
        "sock_diag(AF_UNIX)"
    };

    /** Returns one that the kernel does not list, of which only this is known. */
    public static UnixSocket unlisted(long ino, int queuedBytes, boolean full) {
        return new UnixSocket(ino, 0, STREAM, CONNECTED, false, queuedBytes, full ? 1 : 0, 1);
    }

    /** Returns the Unix sockets of this network namespace. */
    public static List<UnixSocket> all() throws ErrnoException {
        NativeMemory memory = ScratchMemory.take(FIRST_COUNT * RECORD_BYTES);
        try {
            int room = FIRST_COUNT;
            int found = fill(memory, room);
            while (found > room) {
                room = found + MORE_COUNT;
                ScratchMemory.giveBack(memory);
                memory = ScratchMemory.take(room * RECORD_BYTES);
                found = fill(memory, room);
            }
            List<UnixSocket> sockets = new ArrayList<>(found);
            for (int i = 0; i < found; i++) {
                sockets.add(read(memory.buffer(), i * RECORD_BYTES));
            }
            return sockets;
        } finally {
            ScratchMemory.giveBack(memory);
        }
    }

    private static int fill(NativeMemory memory, int room) throws ErrnoException {
        long result = Native.sp_unix_sockets(memory.address(0, (long) room * RECORD_BYTES), room);
        if (result < 0) {
            throw new ErrnoException(result, CALLS[(int) (-result >> Integer.SIZE)]);
        }
        return (int) result;
    }

    private static UnixSocket read(ByteBuffer records, int at) {
        return new UnixSocket(
                records.getLong(at), records.getLong(at + 8), (int) records.getLong(at + 16), (int) records.getLong(at + 24),
                records.getLong(at + 32) != 0, (int) records.getLong(at + 40), records.getLong(at + 48), records.getLong(at + 56));
    }

    /** Returns whether a write waits until the peer reads. */
    public boolean isFull() {
        return sentMemoryBytes >= sendLimitBytes;
    }

    /** Returns whether poll reports no room. */
    public boolean isFullToPoll() {
        return sentMemoryBytes * POLL_SHARE > sendLimitBytes;
    }
}
