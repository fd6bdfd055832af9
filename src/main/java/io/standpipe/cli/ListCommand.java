// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.LivePipes;
import io.standpipe.LiveProcess;
import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.FdKind;
import io.standpipe.internal.sys.Flags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code standpipe list}. */
@Command(
        name = "list",
        description = {
            "Lists the pipes and FIFOs that running processes hold, as far as you may look at them: who holds which end, how"
                    + " full they are, what the holders do or wait for, and what has no reader or writer left.",
            "A FIFO that a process waits to open is listed, too. With --pid, sockets in place of the standard streams are named.",
            "It looks only: nothing is opened, consumed or stopped. Its own pipes are left out."},
        footer = {"", "Examples:", "  standpipe list", "  standpipe list --pid 4711 --json"})
final class ListCommand extends Subcommand {

    private static final String[] ENDS = {"read ", "write", "both "};

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
        for (int pid : pids) {
            nameStandardStreams(pid, listed.stream().noneMatch(pipe -> isHeldBy(pipe, pid)));
        }
        if (!pipes.unseen().isEmpty()) {
            message("processes that could not be looked at, and may hold ends too: " + pipes.unseen().size());
        }
        return ExitCode.DONE;
    }

    private static boolean isHeldBy(LivePipe pipe, int pid) {
        return pipe.holders().stream().anyMatch(holder -> holder.pid() == pid)
                || pipe.openers().stream().anyMatch(opener -> opener.process().pid() == pid);
    }

    /** Says which of a process's standard streams are sockets, which are easily taken for pipes; or, without pipes, what all are. */
    private void nameStandardStreams(int pid, boolean hasNoPipe) {
        List<String> streams = new ArrayList<>();
        for (int fd = STANDARD_INPUT; fd <= STANDARD_ERROR; fd++) {
            try {
                String kind = FdKind.describe(pid, fd, FdKind.UNKNOWN_MODE);
                if (hasNoPipe || kind.endsWith("socket")) {
                    streams.add("descriptor " + fd + " is " + kind);
                }
            } catch (IOException e) {
                // The process has no such descriptor, or has ended.
            }
        }
        if (hasNoPipe || !streams.isEmpty()) {
            message("process " + pid + (hasNoPipe ? " holds no pipe" : "")
                    + (streams.isEmpty() ? "" : ": " + String.join(", ", streams)));
        }
    }

    /** Prints a pipe by one call and without a format: there are thousands. */
    private void print(LivePipe pipe) {
        StringBuilder text = new StringBuilder();
        text.append(pipe.path() == null ? "pipe " + Long.toUnsignedString(pipe.ino()) : "FIFO " + pipe.path()).append("  ");
        if (pipe.isMeasured()) {
            text.append(Sizes.use(pipe.queuedBytes(), pipe.capacityBytes())).append(", ");
        }
        text.append(pipe.state());
        for (LivePipe.Holder holder : pipe.holders()) {
            text.append(System.lineSeparator()).append("  ").append(ENDS[holder.accessMode()]).append(name(holder.process()));
            if (holder.thread() != holder.pid()) {
                text.append(", thread ").append(holder.thread());
            }
            text.append(", fd ").append(holder.fd()).append((holder.flags() & Flags.O_NONBLOCK) != 0 ? ", nonblocking, " : ", ");
            text.append(holder.activity());
        }
        for (LivePipe.Opener opener : pipe.openers()) {
            text.append(System.lineSeparator()).append("  ").append(ENDS[opener.writer() ? Flags.O_WRONLY : Flags.O_RDONLY]);
            text.append(name(opener.process())).append(", ").append(opener.activity());
        }
        out().println(text);
    }

    private static String name(LiveProcess process) {
        return "  process " + process.pid() + " (" + comm(process) + ")";
    }

    /** Returns the process's name with ? for all but printable ASCII: a process can choose any bytes as its name. */
    private static String comm(LiveProcess process) {
        return process.name().replaceAll("[^ -~]", "?");
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
                json.name("full").value(pipe.isMeasured() ? pipe.full() : null);
                json.name("hasReader").value(pipe.isMeasured() ? !pipe.readerless() : null);
                json.name("hasWriter").value(pipe.isMeasured() ? !pipe.writerless() : null);
                json.name("state").value(pipe.state().name());
                json.name("holders").beginArray();
                for (LivePipe.Holder holder : pipe.holders()) {
                    json.beginObject().name("pid").value(holder.pid()).name("thread").value(holder.thread());
                    json.name("command").value(comm(holder.process()));
                    json.name("fd").value(holder.fd()).name("end").value(ENDS[holder.accessMode()].trim());
                    json.name("flags").value(holder.flags()).name("blocked").value(holder.activity().isWaitingHere());
                    json.name("stopped").value(holder.activity().isHalted());
                    json.name("activity").value(holder.activity().toString()).endObject();
                }
                json.endArray().endObject();
            }
            json.endArray();
        });
    }
}
