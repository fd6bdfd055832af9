// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Durability;
import io.standpipe.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * CRIU and Standpipe by turns with the same process, which holds both ends of pipes and sleeps. CRIU saves the whole process; the
 * set of one empty pipe shows what that takes without pipes.
 */
public final class BesideCriu {

    static final String DUMP = "CRIU: dump";
    static final String RESTORE = "CRIU: restore";

    /** The set that shows what CRIU takes for a process without pipes, nearly: by turns with each other set, too. */
    static final String ONE_EMPTY = "1xempty";
    static final String OF_ONE_EMPTY = "CRIU, of one empty pipe";
    /** As CRIU does. */
    static final String NO_SYNC = Comparisons.STANDPIPE + ", without a sync";

    static final List<String> SETS = List.of(ONE_EMPTY, "100x64KiB", "1000x4KiB", "64x1MiB", "2000x4KiB");

    private final Criu criu;
    private final Launcher launcher;
    private final Scratch images;
    private final Comparisons comparisons;
    private final Path image;

    private BesideCriu(Criu criu, Launcher launcher, Scratch images, Comparisons comparisons) {
        this.criu = criu;
        this.launcher = launcher;
        this.images = images;
        this.comparisons = comparisons;
        image = images.file("image.ckpt");
    }

    /** Arguments: quick or full, the file of the results, a directory, a distribution or the runnable jar, and other sets. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        Launcher launcher = Launcher.of(Path.of(arguments[3]));
        try (Scratch images = new Scratch(Path.of(arguments[2]))) {
            Criu criu = Criu.find();
            BesideCriu beside = new BesideCriu(criu, launcher, images, comparisons);
            for (String set : arguments.length > 4 ? List.of(arguments).subList(4, arguments.length) : SETS) {
                beside.compare(set);
            }
            new ComesBack(criu, launcher, images).write(Path.of(arguments[1]).resolveSibling("criu-comes-back.json"));
        } catch (IOException e) {
            comparisons.skip("CRIU", e);
        }
        comparisons.write();
    }

    private void compare(String set) {
        try {
            save(set);
            restore(set); // its process has ended, and its pid is free
        } catch (IOException e) {
            comparisons.skip("CRIU, " + set, e);
        }
    }

    private void save(String set) throws IOException {
        try (PipeHolder holder = new PipeHolder("hold-on", set); PipeHolder oneEmpty = new PipeHolder("hold-on", ONE_EMPTY)) {
            long pid = holder.pid();
            Checkpoint checkpoint = Checkpoint.ofProcess(pid);
            Checkpoint unsynced = checkpoint.durability(Durability.NONE);
            String where = images.fileSystem();
            criu.dumpNow(pid, images.directory()); // or says why it cannot
            comparisons.compare(DUMP, set, where, List.of(
                    Contender.timed(Comparisons.STANDPIPE, () -> checkpoint.writeTo(image)).after(images::clear),
                    Contender.timed(NO_SYNC, () -> unsynced.writeTo(image)).after(images::clear),
                    new Command(criu.name(), criu.dump(pid, images.directory())).after(images::clear),
                    new Command(OF_ONE_EMPTY, criu.dump(oneEmpty.pid(), images.directory())).after(images::clear),
                    launcher.contenderNamed(
                            "standpipe criu dump", "criu", "dump", "--tree", Long.toString(pid), "--images-dir",
                            images.directory().toString(), "--", "--leave-running", "--log-file", "dump.log").after(images::clear),
                    launcher.contender("checkpoint", "--pid", Long.toString(pid), "--output", image.toString()).after(images::clear)));
            images.clear();
            checkpoint.writeTo(image);
            criu.dumpNow(pid, images.directory());
        }
    }

    private void restore(String set) throws IOException {
        Restore restore = Restore.from(image);
        comparisons.compare(RESTORE, set, images.fileSystem(), List.of(
                Contender.timed(Comparisons.STANDPIPE, () -> restore.open().close()),
                new Command(criu.name(), criu.restore(images.directory())),
                launcher.contender("restore", image.toString(), "--", "true")));
    }
}
