// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.Restore;
import io.standpipe.StandpipeException;
import io.standpipe.internal.exec.Command;
import io.standpipe.internal.exec.MemoryProgram;
import io.standpipe.internal.restore.ImageSource;
import io.standpipe.internal.restore.RestoreOperation;
import io.standpipe.internal.restore.RestoreOptions;
import io.standpipe.internal.restore.RestoredSet;
import io.standpipe.internal.store.ProgressTracker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A restore by CRIU of processes whose pipes Standpipe restores before: each open file description of a pipe is made in this process,
 * which becomes CRIU and hands them over.
 *
 * @param directory of CRIU's images, with Standpipe's beside them
 * @param bestEffort whether the pipes may differ from what was saved
 * @param inherited fds of this process in place of saved ones
 * @param hold for how long the ends are held that processes outside of the dump had; zero if they are closed
 */
public record TreeRestore(Path directory, boolean bestEffort, List<Inherited> inherited, Duration hold) {

    /** An fd of this process in place of the saved fd of a process. A pid of 0 stands for the only process. */
    public record Inherited(int fd, int pid, int savedFd) {}

    /**
     * Becomes CRIU. Returns only by an exception; then no process was restored.
     *
     * @param kept fds of this process that CRIU has too
     * @param notes is given what is to be known: what differs, and what holds ends
     */
    public void become(CriuProgram criu, List<String> options, Set<Integer> kept, Consumer<String> notes) throws StandpipeException {
        CriuOptions given = CriuOptions.of(options).refusing("--images-dir");
        Path image = directory.resolve(TreeCapture.IMAGE);
        if (Files.notExists(image)) {
            notes.accept(image + " is not there: CRIU restores what pipes it has itself");
            becomeCriu(criu, List.of("--images-dir", directory.toString()), given.all(), given.command(), kept);
            return;
        }
        Image saved = Restore.from(image).check(); // First: of a damaged image that is said, not that it is another dump's.
        DumpRecord.check(directory);
        SavedTree tree = SavedTree.of(CriuDump.in(directory), saved, NamespacePids.read(directory, saved.processes()));
        TreeChoices choices = new TreeChoices(tree, inherited);
        RestoreOptions chosen = choices.options(bestEffort);
        RestoreOperation.run(ImageSource.path(image), chosen, ProgressTracker.NONE, "in processes that CRIU restores", operation -> {
            List<Image.Process> processes = withoutOthers(operation.processes());
            try (RestoredSet restored = operation.restore(processes, null);
                    HandedEnds handed = HandedEnds.of(tree, restored, choices);
                    OutsideEnds outside = hold.isZero() ? OutsideEnds.none() : OutsideEnds.hold(tree, restored, hold);
                    MemoryProgram script = RestoreScript.make(tree.image(), outside)) {
                restored.deviations().forEach(notes);
                choices.notes().forEach(notes);
                if (!inherited.isEmpty()) {
                    operation.lostBytes(processes).forEach(notes);
                }
                outside.note().ifPresent(notes);
                operation.close();
                List<String> arguments = new ArrayList<>(List.of(
                        "--images-dir", new RestoreView(directory, handed.ids()).make().toString(),
                        "--work-dir", given.value("--work-dir", directory.toString())));
                arguments.addAll(handed.arguments());
                Set<Integer> all = new TreeSet<>(kept);
                all.addAll(handed.fds());
                all.addAll(outside.kept());
                if (RestoreScript.isNeeded(tree.image(), outside)) {
                    arguments.addAll(List.of("--action-script", script.path()));
                    all.add(script.file().number());
                }
                becomeCriu(criu, arguments, given.without("--work-dir"), given.command(), all);
                return restored;
            }
        });
    }

    private static void becomeCriu(
            CriuProgram criu, List<String> arguments, List<String> options, List<String> command, Set<Integer> kept)
            throws StandpipeException {
        List<String> words = new ArrayList<>(List.of(criu.path(), "restore"));
        words.addAll(options);
        words.addAll(arguments);
        words.addAll(command);
        new Command(words, criu.path()).become(Map.of(), kept);
    }

    /** Returns the processes without what is of no pipe, which CRIU restores. */
    private static List<Image.Process> withoutOthers(List<Image.Process> processes) {
        return processes.stream().map(process -> new Image.Process(
                        process.pid(), process.parentPid(), process.threadGroup(), process.processGroup(), process.session(),
                        process.depth(), process.program(),
                        new Image.Table(process.table().objref(), process.table().descriptors(), Map.of())))
                .toList();
    }
}
