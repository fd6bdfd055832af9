// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.internal.sys.Flags;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints pipes of running processes as text for people. */
final class LivePipeText {

    private static final String[] ENDS = {"read", "write", "both"};

    private LivePipeText() {}

    static void write(List<LivePipe> pipes, PrintWriter out) {
        for (LivePipe pipe : pipes) {
            out.printf(
                    Locale.ROOT,
                    "%s  %s%s%n",
                    pipe.path() == null ? "pipe " + Long.toUnsignedString(pipe.ino()) : "FIFO " + pipe.path(),
                    contents(pipe),
                    pipe.isBlocked() ? "" : ", idle");
            pipe.holders().forEach(holder -> write(holder, out));
        }
    }

    private static String contents(LivePipe pipe) {
        if (!pipe.isMeasured()) {
            return "contents not to be seen by this user";
        }
        return Sizes.bar(pipe.queuedBytes(), pipe.capacityBytes()) + " " + Sizes.grouped(pipe.queuedBytes()) + " of "
                + Sizes.grouped(pipe.capacityBytes()) + " bytes";
    }

    private static void write(LivePipe.Holder holder, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "  %-5s  process %s (%s), fd %s%s%s%n",
                end(holder),
                holder.pid(),
                name(holder),
                holder.fd(),
                (holder.flags() & Flags.O_NONBLOCK) != 0 ? ", nonblocking" : "",
                holder.blocked() ? ", blocked" : "");
    }

    /** Returns which end of the pipe the holder has: {@code read}, {@code write} or {@code both}. */
    static String end(LivePipe.Holder holder) {
        return ENDS[holder.accessMode()];
    }

    /** Returns the process's name with ? for all but printable ASCII: a process can choose any bytes as its name. */
    static String name(LivePipe.Holder holder) {
        return holder.command().replaceAll("[^ -~]", "?");
    }
}
