// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.live;

import io.standpipe.StandpipeException;
import io.standpipe.internal.exec.CallerState;
import io.standpipe.internal.exec.Command;
import io.standpipe.internal.exec.GatedCommands;
import io.standpipe.internal.jni.NativeLibrary;
import io.standpipe.internal.sys.CommandSettings;
import io.standpipe.internal.sys.FdNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Commands take the places of running processes in their pipes. The ends are duplicated first, so that nobody else notices; a process
 * that has none of this JVM in it holds them too, in case this one is killed. Then the old processes are asked to end, and only when
 * they have ended, or are stopped, the commands begin: two never read the same pipe. Until then any failure leaves the old processes
 * as they are; afterwards the ends stay held, for the next try.
 */
public final class SwapOperation implements AutoCloseable {

    private static final long PASSING_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final SwapOptions options;
    private final Consumer<String> notes;
    private final List<Place> places = new ArrayList<>();

    private SwapOperation(SwapOptions options, Consumer<String> notes) {
        this.options = options;
        this.notes = notes;
    }

    /**
     * Finds the commands' programs and takes the ends of the processes, which go on as before.
     *
     * @param commands pid, to the program and its arguments
     * @param notes gets what users should know, as sentences
     * @throws io.standpipe.CommandException if there is no such program
     */
    public static SwapOperation prepare(Map<Integer, List<String>> commands, SwapOptions options, Consumer<String> notes)
            throws StandpipeException {
        options.handed().selection().checkAmong(commands.keySet(), "replaced");
        NativeLibrary.require();
        Map<Integer, Command> found = new LinkedHashMap<>();
        for (Map.Entry<Integer, List<String>> each : commands.entrySet()) {
            Command command = Command.find("the command for process " + each.getKey(), each.getValue());
            command.checkInterpreter();
            found.put(each.getKey(), command);
        }
        SwapOperation swap = new SwapOperation(options, notes);
        boolean complete = false;
        try {
            for (Map.Entry<Integer, Command> each : found.entrySet()) {
                swap.take(each.getKey(), each.getValue());
            }
            swap.checkReaders();
            complete = true;
            return swap;
        } finally {
            if (!complete) {
                swap.close();
            }
        }
    }

    private void take(int pid, Command command) throws StandpipeException {
        HeldEnds ends = HeldEnds.of(pid, options.handed());
        boolean taken = false;
        try {
            places.add(Place.take(ends, command, options.handed().context()));
            taken = true;
        } finally {
            if (!taken) {
                ends.close();
            }
        }
    }

    private List<HeldEnds> allEnds() {
        return places.stream().map(Place::ends).toList();
    }

    private void checkReaders() throws StandpipeException {
        if (options.besideReaders()) {
            return;
        }
        List<String> readers = lastingReaders(List.of());
        if (!readers.isEmpty()) {
            throw new StandpipeException("the same pipe has another reader, which would take some of the bytes: " + readers
                    + "; replace it too, leave the pipe out, or allow it with --yes (besideReaders)");
        }
    }

    /** Returns the other readers that stay: a shell's loop has children that come and go, and read nothing as a rule. */
    private List<String> lastingReaders(Collection<Integer> commands) throws StandpipeException {
        List<String> readers = OtherHolders.readers(allEnds(), commands);
        long begin = System.nanoTime();
        while (!readers.isEmpty() && System.nanoTime() - begin < PASSING_NANOS) {
            LockSupport.parkNanos(PASSING_NANOS / 20);
            readers.retainAll(OtherHolders.readers(allEnds(), commands));
        }
        return readers;
    }

    /** Has the old processes end, or stop, and returns when they have. */
    private void endOld() throws StandpipeException {
        for (Place place : places) {
            ask(place);
        }
        long begin = System.nanoTime();
        for (Place place : places) {
            Duration left = options.ending().grace().minusNanos(System.nanoTime() - begin);
            if (options.ending().keepsProcess()) {
                awaitStop(place.old(), left);
            } else if (!awaitEnd(place, left)) {
                kill(place.old());
            }
        }
    }

    private void ask(Place place) throws StandpipeException {
        HeldEnds ends = place.ends();
        boolean reads = !ends.isHolder() && ends.ends().stream().anyMatch(HeldEnd::isReadEnd);
        if (!reads) {
            place.ask(options.ending().signal());
            return;
        }
        InputWait wait = new InputWait(place, options.ending());
        InputWait.Found found = wait.signal();
        if (found == InputWait.Found.NOTHING && place.old().hasEnded()) {
            place.holdAgain();
            notes.accept(ends.process() + " has ended by itself meanwhile");
            return;
        }
        String signal = "signal " + options.ending().signal();
        switch (found) {
            case NOTHING:
                notes.accept(ends.process() + " was not seen waiting for input" + wait.howWritersFared()
                        + "; what it has read ahead is in no pipe, and is lost unless it finishes that on " + signal);
                place.ask(options.ending().signal());
                break;
            case ANYWHERE:
                notes.accept(ends.process() + " waited for input when it got " + signal + wait.howWritersFared()
                        + ", perhaps in the middle of a line; what it has read and not finished is in no pipe");
                break;
            default:
                notes.accept(ends.process() + " waited for input when it got " + signal + wait.howWritersFared()
                        + "; what it has read and not finished or written out by now is in no pipe");
        }
    }

    /** Says after a while by whom the ends are held meanwhile: users may not want to wait. */
    private boolean awaitEnd(Place place, Duration left) throws StandpipeException {
        if (left.compareTo(SILENCE) > 0) {
            if (place.old().awaitEnd(SILENCE)) {
                return true;
            }
            notes.accept(place.ends().process() + " has not ended yet; " + place.holder().describe());
            return place.old().awaitEnd(left.minus(SILENCE));
        }
        return place.old().awaitEnd(left);
    }

    private void awaitStop(OldProcess old, Duration left) throws StandpipeException {
        if (!old.awaitStop(left)) {
            throw new StandpipeException(old.ends().process() + " has not stopped within " + options.ending().grace().toMillis() + " ms");
        }
    }

    private void kill(OldProcess old) throws StandpipeException {
        notes.accept(old.ends().process() + " has not ended within " + options.ending().grace().toMillis() + " ms of signal "
                + options.ending().signal() + ", and is killed");
        old.signal(OldProcess.SIGKILL);
        if (!old.awaitEnd(AFTER_KILL)) {
            throw new StandpipeException(old.ends().process() + " has not ended within " + AFTER_KILL.toSeconds()
                    + " s of SIGKILL: the kernel keeps it in a call, or it is frozen");
        }
    }

    /**
     * Replaces the processes by commands that are children of this one: all or none. The children are there before the old processes
     * are asked to end, so that little is left to do afterwards.
     *
     * @param inherited fds of this process that they have too, unless they have others of these numbers
     * @param standard fds of this process that become standard input, output and error of commands that have no others there
     * @param newSession whether each leads a session of its own
     * @return pid of the old process, to that of its command; the caller has to wait for their ends
     */
    public Map<Integer, Integer> start(Set<Integer> inherited, Map<Integer, Integer> standard, boolean newSession)
            throws StandpipeException {
        Map<Integer, Integer> pids = new LinkedHashMap<>();
        try (GatedCommands children = GatedCommands.open()) {
            for (Place place : places) {
                Map<Integer, Integer> placement = place.ends().placement();
                nameDiscardedOutput(place.ends(), placement.keySet(), standard);
                standard.forEach(placement::putIfAbsent);
                CommandSettings settings = CallerState.in(place.context().settings());
                int pid = children.add(place.command(), placement, inherited, newSession ? settings.inNewSession() : settings);
                pids.put(place.ends().pid(), pid);
            }
            endOld();
            children.start();
            for (Place place : places) {
                place.release();
            }
        }
        nameNewReaders(pids.values());
        return pids;
    }

    private void nameDiscardedOutput(HeldEnds ends, Set<Integer> handed, Map<Integer, Integer> standard) {
        List<Integer> discarded = Stream.of(1, 2)
                .filter(fd -> !handed.contains(fd) && !standard.getOrDefault(fd, fd).equals(fd)).toList();
        if (!discarded.isEmpty()) {
            notes.accept(FdNames.of(discarded) + " of the command for " + ends.process()
                    + (discarded.size() == 1 ? " is" : " are") + " /dev/null, since that process does not hand over what it has there: redirect to a file");
        }
    }

    private void nameNewReaders(Collection<Integer> commands) throws StandpipeException {
        if (!options.ending().keepsProcess() && !options.besideReaders()) {
            lastingReaders(commands)
                    .forEach(reader -> notes.accept("another reader of the same pipe has appeared meanwhile: " + reader));
        }
    }

    /** Replaces one process, and becomes the command. Returns only by an exception. */
    public void become(Set<Integer> inherited) throws StandpipeException {
        Place place = places.get(0);
        endOld();
        place.release();
        try {
            place.command().become(place.ends().placement(), inherited, place.context().settings());
        } finally {
            place.holdAgain();
        }
    }

    /** Closes the ends here. If the commands have not got them, they go back to processes that were stopped, or stay held. */
    @Override
    public void close() {
        for (Place place : places) {
            if (place.isAsked() && options.ending().keepsProcess()) {
                resume(place);
            }
            if (place.isAsked()) {
                notes.accept(place.holder().describe() + "; standpipe swap --pid " + place.holder().pid()
                        + " -- COMMAND gives them to a command");
            }
            place.close();
        }
    }

    private void resume(Place place) {
        try {
            place.old().resume();
            place.release();
        } catch (StandpipeException e) {
            notes.accept("not resumed: " + e.getMessage());
        }
    }
}
