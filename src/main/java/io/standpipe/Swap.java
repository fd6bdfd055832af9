// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import io.standpipe.internal.checkpoint.Selection;
import io.standpipe.internal.live.DetachedStreams;
import io.standpipe.internal.live.SwapOperation;
import io.standpipe.internal.live.SwapOptions;
import io.standpipe.internal.live.SwapOptions.Ending;
import io.standpipe.internal.live.SwapOptions.Handed;
import io.standpipe.internal.proc.TargetCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Puts commands in the places of running processes, in their live pipes. A command gets the very ends that the old process has, at
 * their old numbers and with their flags: those at the other ends see no end of file, no SIGPIPE and no gap, and no byte is copied.
 *
 * <pre>{@code
 * StartedCommand consumer = Swap.of(4711, List.of("consumer", "--new")).start(Set.of(0, 1, 2)).get(0);
 * }</pre>
 *
 * The ends are duplicated first; then the old process is asked to end, at a moment at which it waits for input if there is one, and
 * killed if it does not end in time; and only then the command begins. What a process has read and not finished is in no pipe: most
 * programs lose it when they are ended, some finish it on SIGTERM. If anything fails before the old process was asked, it goes on as
 * before. If it fails afterwards, a small process, {@code standpipe-hold}, keeps the ends open for ten minutes, for another swap.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @since 0.1
 */
public final class Swap {

    private static final int SIGTERM = 15;
    private static final int MOST_SIGNAL = 64;

    private final Map<Integer, List<String>> commands;
    private final SwapOptions options;
    private final boolean detached;
    private final Consumer<String> notes;

    private Swap(Map<Integer, List<String>> commands, SwapOptions options, boolean detached, Consumer<String> notes) {
        this.commands = commands;
        this.options = options;
        this.detached = detached;
        this.notes = notes;
    }

    /**
     * Puts a command in the place of a process. Needs the right to ptrace it, and to send it signals.
     *
     * @param command the program, looked for as execvp does, and its arguments
     * @throws IllegalArgumentException if {@code pid} can be no process's
     */
    public static Swap of(long pid, List<String> command) {
        SwapOptions options = new SwapOptions(
                new Handed(Selection.ALL, false, Set.of(), false),
                new Ending(SIGTERM, Duration.ofSeconds(10), Duration.ofSeconds(2)), false);
        return new Swap(Map.of(), options, false, note -> {}).and(pid, command);
    }

    /** Puts a command in the place of a process. */
    public static Swap of(ProcessHandle process, List<String> command) {
        return of(process.pid(), command);
    }

    /** Puts a command in the place of a process that was started here. */
    public static Swap of(Process process, List<String> command) {
        return of(process.pid(), command);
    }

    /** Puts another command in the place of another process, at the same time: commands begin when all old processes have ended. */
    public Swap and(long pid, List<String> command) {
        Map<Integer, List<String>> all = new LinkedHashMap<>(commands);
        all.put(TargetCheck.pid(pid), List.copyOf(command));
        return new Swap(all, options, detached, notes);
    }

    /** Puts another command in the place of another process, as {@link #and(long, List)} does. */
    public Swap and(ProcessHandle process, List<String> command) {
        return and(process.pid(), command);
    }

    /** Puts another command in the place of another process that was started here, as {@link #and(long, List)} does. */
    public Swap and(Process process, List<String> command) {
        return and(process.pid(), command);
    }

    /** Hands over only these descriptors of a process. Without this, all that are pipes or FIFOs. */
    public Swap onlyDescriptors(long pid, int... descriptors) {
        return selecting(options.handed().selection().naming(TargetCheck.pid(pid), TargetCheck.fds(descriptors)));
    }

    /** Does not hand over these descriptors of a process. */
    public Swap leavingOut(long pid, int... descriptors) {
        return selecting(options.handed().selection().leavingOut(TargetCheck.pid(pid), TargetCheck.fds(descriptors)));
    }

    /** Hands over only these descriptors of a process, as {@link #onlyDescriptors(long, int...)} does. */
    public Swap onlyDescriptors(ProcessHandle process, int... descriptors) {
        return onlyDescriptors(process.pid(), descriptors);
    }

    /** Hands over only these descriptors of a process, as {@link #onlyDescriptors(long, int...)} does. */
    public Swap onlyDescriptors(Process process, int... descriptors) {
        return onlyDescriptors(process.pid(), descriptors);
    }

    /** Does not hand over these descriptors of a process. */
    public Swap leavingOut(ProcessHandle process, int... descriptors) {
        return leavingOut(process.pid(), descriptors);
    }

    /** Does not hand over these descriptors of a process. */
    public Swap leavingOut(Process process, int... descriptors) {
        return leavingOut(process.pid(), descriptors);
    }

    private Swap selecting(Selection selection) {
        return with(options.handed().with(selection));
    }

    /**
     * Asks the old process to end with another signal than SIGTERM. SIGSTOP, 19, keeps it: it is stopped, the command begins, and
     * if it is ever continued, it reads beside the command.
     *
     * @param signal the signal's number, 1 to 64
     * @throws IllegalArgumentException if it is another number
     */
    public Swap signalling(int signal) {
        if (signal < 1 || signal > MOST_SIGNAL) {
            throw new IllegalArgumentException("signal is " + signal + ", expected 1 to " + MOST_SIGNAL);
        }
        return with(new Ending(signal, options.ending().grace(), options.ending().patience()));
    }

    /**
     * Kills the old process if it has not ended after this time; 10 seconds without this.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public Swap grace(Duration grace) {
        return with(new Ending(options.ending().signal(), notNegative(grace), options.ending().patience()));
    }

    /**
     * Waits so long for a moment at which the old process waits for input, which is the best one for the signal; two seconds without
     * this. Where bytes come all the time, the processes that write to its pipes are frozen where a line ends, until it has handled that.
     * Not waiting at all, with zero, is for processes that must not be frozen, not even for a moment.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public Swap awaitingInput(Duration patience) {
        return with(new Ending(options.ending().signal(), options.ending().grace(), notNegative(patience)));
    }

    /**
     * Hands over other files too, such as regular files with their offset, sockets and terminals; not what serves the old program
     * alone, which is close-on-exec or has no name, such as an epoll set.
     */
    public Swap alsoFiles() {
        Handed handed = options.handed();
        return with(new Handed(handed.selection(), true, handed.streams(), handed.context()));
    }

    /** Gives the command the working directory, environment, umask, user and groups of the old process, in place of this one's. */
    public Swap asItWas() {
        Handed handed = options.handed();
        return with(new Handed(handed.selection(), handed.files(), handed.streams(), true));
    }

    /** Goes on even if another process has a read end of the same pipe, and might take bytes from the command. */
    public Swap besideReaders() {
        return with(new SwapOptions(options.handed(), options.ending(), true));
    }

    /**
     * Starts the commands in sessions of their own, without this process's standard streams, unless those are regular files: what is
     * no pipe of the three, they get from the old process.
     */
    public Swap detached() {
        return new Swap(commands, options, true, notes);
    }

    /** Gives what users should know to a listener, a sentence at a time. */
    public Swap reporting(Consumer<String> listener) {
        return new Swap(commands, options, detached, listener);
    }

    private Swap with(Handed handed) {
        return with(new SwapOptions(handed, options.ending(), options.besideReaders()));
    }

    private Swap with(Ending ending) {
        return with(new SwapOptions(options.handed(), ending, options.besideReaders()));
    }

    private Swap with(SwapOptions chosen) {
        return new Swap(commands, chosen, detached, notes);
    }

    /**
     * Replaces the processes by commands that are children of this one: all or none.
     *
     * @param inherited descriptors of this process that the commands have too, where they get no others; of these, detached ones have
     *     just the standard streams that are regular files
     * @throws CommandException if there is no such program: then nothing has happened
     * @throws UnavailableException if a permission, a limit or the kernel does not allow it
     * @throws StandpipeException if it fails otherwise
     */
    public List<StartedCommand> start(Set<Integer> inherited) throws StandpipeException {
        if (!detached) {
            try (SwapOperation swap = prepare(options)) {
                return start(swap, inherited, Map.of());
            }
        }
        try (DetachedStreams streams = DetachedStreams.find(inherited);
                SwapOperation swap = prepare(new SwapOptions(
                        options.handed().withStreams(streams.fromOld()), options.ending(), options.besideReaders()))) {
            return start(swap, Set.of(), streams.own());
        }
    }

    private SwapOperation prepare(SwapOptions chosen) throws StandpipeException {
        return SwapOperation.prepare(commands, chosen, notes);
    }

    private List<StartedCommand> start(SwapOperation swap, Set<Integer> inherited, Map<Integer, Integer> standard)
            throws StandpipeException {
        List<StartedCommand> started = new ArrayList<>();
        swap.start(inherited, standard, detached).forEach((old, pid) -> {
            List<String> command = commands.get(old);
            started.add(new StartedCommand(old, pid, command == null ? List.of() : command));
        });
        return started;
    }

    /**
     * Replaces one process, and becomes the command: same pid, terminal, limits and session as this process. Returns only by an
     * exception, which {@link #start} throws too.
     *
     * @param inherited descriptors of this process that the command has too, where it gets no others
     * @throws CommandException if there is no such program: then nothing has happened
     * @throws UnavailableException if a permission, a limit or the kernel does not allow it
     * @throws StandpipeException if it fails otherwise
     * @throws IllegalStateException if there are several commands
     */
    public void exec(Set<Integer> inherited) throws StandpipeException {
        if (commands.size() != 1) {
            throw new IllegalStateException("there are " + commands.size() + " commands, and this process can become only one");
        }
        try (SwapOperation swap = prepare(options)) {
            swap.become(inherited);
        }
    }

    private static Duration notNegative(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time is " + time + ", expected none or more");
        }
        return time;
    }
}
