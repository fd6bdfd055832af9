// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel series' records of what is no pipe, such as the memory and the registers of a process. They are skipped, each by its
 * length; a BUFFER or STRING behind one belongs to it. Their numbers are those of the series' last revision.
 */
final class OtherRecords {

    /** Types whose numbers follow one another. */
    private record Block(int first, List<String> names) {

        static Block of(int first, String... names) {
            return new Block(first, List.of(names));
        }
    }

    private static final List<Block> BLOCKS = List.of(
            Block.of(2, "HEADER_ARCH", "CONTAINER"),
            Block.of(7, "LSM_INFO", "SECURITY"),
            Block.of(104, "TASK_NS"),
            Block.of(106, "RESTART_BLOCK", "THREAD", "CPU", "NS", "UTS_NS", "IPC_NS", "MNT_NS", "CAPABILITIES", "USER_NS", "CRED", "USER",
                    "GROUPINFO", "TASK_CREDS"),
            Block.of(306, "TTY", "TTY_LDISC", "EPOLL_ITEMS"),
            Block.of(401, "MM", "VMA", "PGARR", "HPAGE", "MM_CONTEXT"),
            Block.of(451, "FS"),
            Block.of(501, "IPC", "IPC_SHM", "IPC_MSG", "IPC_MSG_MSG", "IPC_SEM", "TASK_SEM_UNDO_LIST", "TASK_SEM_UNDO"),
            Block.of(601, "SIGHAND", "SIGNAL", "SIGNAL_TASK", "SIGPENDING"),
            Block.of(701, "SOCKET", "SOCKET_QUEUE", "SOCKET_BUFFER", "SOCKET_FRAG", "SOCKET_UNIX", "SOCKET_INET", "NET_NS", "NETDEV",
                    "NETDEV_ADDR"));

    /** What an architecture has of its own, such as the registers for floating point. */
    private static final int FIRST_OF_ARCHITECTURE = 201;
    private static final int LAST_OF_ARCHITECTURE = 299;
    private static final int LSM_INFO = 7;

    private OtherRecords() {}

    /** Returns whether records of a type stand before TREE: what the whole image has, and no process. */
    static boolean belongsBeforeTree(int code) {
        return code <= LSM_INFO;
    }

    /** Returns whether a type is one of these. */
    static boolean contain(int code) {
        return code >= FIRST_OF_ARCHITECTURE && code <= LAST_OF_ARCHITECTURE || name(code) != null;
    }

    static @Nullable String name(int code) {
        for (int i = 0; i < BLOCKS.size(); i++) {
            Block block = BLOCKS.get(i);
            int index = code - block.first();
            if (index >= 0 && index < block.names().size()) {
                return block.names().get(index);
            }
        }
        return null;
    }
}
