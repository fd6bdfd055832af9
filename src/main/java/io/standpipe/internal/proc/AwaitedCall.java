// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.proc;

import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.sys.BlockingCall;
import io.standpipe.internal.sys.OpenCall;
import io.standpipe.internal.sys.OtherCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes for people what a thread waits for in a system call. No file system is asked. */
final class AwaitedCall {

    private static final Pattern NUMBERED = Pattern.compile("(pipe|socket):\\[(\\d+)]");
    private static final Pattern ANONYMOUS_INODE = Pattern.compile("anon_inode:\\[?([^]]*)]?");

    /** A server may watch thousands of fds. */
    private static final int MOST_NAMED = 4;

    private AwaitedCall() {}

    /** Returns the name of the call as in C; null if the thread is in none. */
    static @Nullable String name(ThreadCall thread, @Nullable BlockedCall blocked) {
        if (blocked != null) {
            return (blocked.call() == BlockingCall.RESTART ? BlockingCall.POLL : blocked.call()).name().toLowerCase(Locale.ROOT);
        }
        int number = thread.number();
        OtherCall other = OtherCall.of(number);
        OpenCall open = OpenCall.of(number);
        return other != null ? other.toString()
                : open != null ? open.name().toLowerCase(Locale.ROOT) : number == ThreadCall.NONE ? null : "system call " + number;
    }

    /** Returns what the thread waits for: the call with its fds and what these are, or what such a call is for. */
    static String describe(ThreadCall thread, @Nullable BlockedCall blocked) {
        String name = name(thread, blocked);
        if (blocked != null) {
            return name + describe(thread.pid(), blocked);
        }
        OtherCall other = OtherCall.of(thread.number());
        if (other != null) {
            return other.hasDescriptor()
                    ? name + " of descriptor " + fd(thread.pid(), (int) thread.argument(0))
                    : other.awaited() + " (" + name + ")";
        }
        OpenCall open = OpenCall.of(thread.number());
        return name == null ? "in no system call" : open != null ? name + " of " + path(thread, open) : name;
    }

    private static String path(ThreadCall thread, OpenCall open) {
        try {
            return EscapedPath.of(FifoOpeners.path(thread, open));
        } catch (IOException e) {
            return "a file"; // Its memory may not be read, or it goes on.
        }
    }

    private static String describe(int pid, BlockedCall call) {
        if (call.movesBytes()) {
            return " from" + fds(pid, call.inputs()) + " to" + fds(pid, call.outputs());
        }
        BitSet all = new BitSet();
        all.or(call.inputs());
        all.or(call.outputs());
        if (call.epoll() >= 0) {
            return " of epoll descriptor " + call.epoll() + (all.isEmpty() ? "" : ", which watches" + fds(pid, all));
        }
        if (all.isEmpty()) {
            return call.complete() ? " of no descriptor" : "";
        }
        return (call.inputs().isEmpty() && call.call().output() >= 0 ? " to" : " of") + fds(pid, all);
    }

    private static String fds(int pid, BitSet fds) {
        String named = fds.stream().limit(MOST_NAMED).mapToObj(fd -> fd(pid, fd)).collect(Collectors.joining(", "));
        int more = fds.cardinality() - MOST_NAMED;
        return (fds.cardinality() == 1 ? " descriptor " : " descriptors ") + named + (more > 0 ? " and " + more + " more" : "");
    }

    /** Returns an fd with what it is: {@code 7 (pipe 4711)}. */
    private static String fd(int pid, int fd) {
        try {
            byte[] link = ProcDirectory.link("/proc/" + pid + "/fd/" + fd);
            String text = new String(link, StandardCharsets.ISO_8859_1);
            Matcher numbered = NUMBERED.matcher(text);
            Matcher anonymous = ANONYMOUS_INODE.matcher(text);
            return fd + " (" + (numbered.matches() ? numbered.group(1) + " " + numbered.group(2)
                    : anonymous.matches() ? EscapedPath.of(anonymous.group(1)) : EscapedPath.of(link)) + ")";
        } catch (IOException e) {
            return Integer.toString(fd); // It was closed, or the process has ended.
        }
    }
}
