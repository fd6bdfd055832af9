// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.StandpipeException;
import io.standpipe.internal.sys.Flags;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code standpipe list}. */
@Command(
        name = "list",
        description = {
            "Lists the pipes and FIFOs that running processes hold, as far as you may look at them: who holds which end, how"
                    + " full they are, and who is blocked.",
            "It looks only: nothing is opened, consumed or stopped. Its own pipes are left out."},
        footer = {"", "Examples:", "  standpipe list", "  standpipe list --pid 4711 --json"})
final class ListCommand extends Subcommand {

    private static final String[] ENDS = {"read", "write", "both"};

    @Option(
            names = "--pid", split = ",", paramLabel = "PID",
            description = "Only the pipes that this process holds an end of; may be given several times.")
    private List<Integer> pids = List.of();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws StandpipeException {
        LivePipes pipes = LivePipes.find();
        List<LivePipe> listed = pids.isEmpty() ? pipes.all() : pipes.of(pids);
        if (json) {
            writeJson(listed);
        } else {
            listed.forEach(this::print);
        }
        if (pipes.unseenProcesses() > 0) {
            message("processes that could not be looked at, and may hold ends too: " + pipes.unseenProcesses());
        }
        return ExitCode.DONE;
    }

    private void print(LivePipe pipe) {
        out().printf(
                Locale.ROOT, "%s  %s%s%n",
                pipe.path() == null ? "pipe " + Long.toUnsignedString(pipe.ino()) : "FIFO " + pipe.path(),
                pipe.isMeasured() ? Sizes.use(pipe.queuedBytes(), pipe.capacityBytes()) : "contents not to be seen by this user",
                pipe.isBlocked() ? "" : ", idle");
        for (LivePipe.Holder holder : pipe.holders()) {
            out().printf(
                    Locale.ROOT, "  %-5s  process %s (%s), fd %s%s%s%n",
                    ENDS[holder.accessMode()], holder.pid(), name(holder), holder.fd(),
                    (holder.flags() & Flags.O_NONBLOCK) != 0 ? ", nonblocking" : "", holder.blocked() ? ", blocked" : "");
        }
    }

    /** Returns the process's name with ? for all but printable ASCII: a process can choose any bytes as its name. */
    private static String name(LivePipe.Holder holder) {
        return holder.command().replaceAll("[^ -~]", "?");
    }

    /** Prints the pipes as JSON; values that are unknown are null. */
    private void writeJson(List<LivePipe> pipes) {
        JsonDocument.print(out(), json -> {
            json.setSerializeNulls(true);
            json.beginArray();
            for (LivePipe pipe : pipes) {
                json.beginObject().name("device").value(pipe.dev()).name("inode").value(pipe.ino());
                json.name("fifo").value(pipe.path());
                json.name("capacityBytes").value(pipe.isMeasured() ? pipe.capacityBytes() : null);
                json.name("queuedBytes").value(pipe.isMeasured() ? pipe.queuedBytes() : null);
                json.name("holders").beginArray();
                for (LivePipe.Holder holder : pipe.holders()) {
                    json.beginObject().name("pid").value(holder.pid()).name("command").value(name(holder));
                    json.name("fd").value(holder.fd()).name("end").value(ENDS[holder.accessMode()]);
                    json.name("flags").value(holder.flags()).name("blocked").value(holder.blocked()).endObject();
                }
                json.endArray().endObject();
            }
            json.endArray();
        });
    }
}
