// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CRIU and Standpipe by turns with the same process, which holds both ends of pipes and sleeps. CRIU saves the whole process; the
 * set of one empty pipe shows what that takes without pipes.
 */
public final class BesideCriu {

    static final String FROZEN = "CRIU: frozen";
    static final String DUMP = "CRIU: dump";
    static final String RESTORE = "CRIU: restore";

    private static final List<String> SETS = List.of("1xempty", "100x64KiB", "1000x4KiB", "64x1MiB", "2000x4KiB");

    private final Criu criu;
    private final Path jar;
    private final Path archive;
    private final Scratch images;
    private final Comparisons comparisons;
    private final Path image;

    private BesideCriu(Criu criu, Path jar, Path archive, Scratch images, Comparisons comparisons) {
        this.criu = criu;
        this.jar = jar;
        this.archive = archive;
        this.images = images;
        this.comparisons = comparisons;
        image = images.file("image.ckpt");
    }

    /** Arguments: quick or full, the file of the results, a directory, the runnable jar, and other sets than the usual ones. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        Path jar = Path.of(arguments[3]);
        Path directory = Path.of(arguments[2]);
        try (Scratch images = new Scratch(directory); Scratch archives = new Scratch(directory)) {
            Criu criu = Criu.find();
            Path archive = StartUp.archive(Path.of(System.getProperty("java.home")), jar, archives);
            BesideCriu beside = new BesideCriu(criu, jar, archive, images, comparisons);
            for (String set : arguments.length > 4 ? List.of(arguments).subList(4, arguments.length) : SETS) {
                beside.compare(set);
            }
            new ComesBack(criu, jar, images).write(Path.of(arguments[1]).resolveSibling("criu-comes-back.json"));
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
        try (PipeHolder holder = new PipeHolder("hold-on", set)) {
            long pid = holder.pid();
            Checkpoint checkpoint = Checkpoint.ofProcess(pid);
            String where = images.fileSystem();
            comparisons.compare(FROZEN, set, where, List.of(
                    fresh(Contender.of(criu.name(), () -> criu.dumpNow(pid, images.directory()))),
                    Contender.of(Comparisons.STANDPIPE, () -> frozenNanos(checkpoint))));
            List<Contender> dumps = new ArrayList<>(List.of(
                    fresh(new Command(criu.name(), criu.dump(pid, images.directory()))),
                    fresh(Contender.timed(Comparisons.STANDPIPE, () -> checkpoint.writeTo(image)))));
            for (Command command : commands("checkpoint", "--pid", Long.toString(pid), "--output", image.toString())) {
                dumps.add(fresh(command));
            }
            comparisons.compare(DUMP, set, where, dumps);
            images.clear();
            checkpoint.writeTo(image);
            criu.dumpNow(pid, images.directory());
        }
    }

    private static long frozenNanos(Checkpoint checkpoint) throws IOException {
        try (Snapshot snapshot = checkpoint.snapshot()) {
            return snapshot.frozen().toNanos();
        }
    }

    /** Returns the contender with no image there before each of its turns. */
    private Contender fresh(Contender contender) {
        return new Contender() {
            @Override
            public String name() {
                return contender.name();
            }

            @Override
            public long sampleNanos() throws IOException {
                images.clear();
                return contender.sampleNanos();
            }

            @Override
            public double peakMemoryKiB() {
                return contender.peakMemoryKiB();
            }
        };
    }

    private void restore(String set) throws IOException {
        Restore restore = Restore.from(image);
        List<Contender> contenders = new ArrayList<>(List.of(
                new Command(criu.name(), criu.restore(images.directory())),
                Contender.timed(Comparisons.STANDPIPE, () -> restore.open().close())));
        contenders.addAll(commands("restore", image.toString(), "--", "true"));
        comparisons.compare(RESTORE, set, images.fileSystem(), contenders);
    }

    private List<Command> commands(String... arguments) {
        return StartUp.variants(Path.of(System.getProperty("java.home")), jar, archive, List.of(arguments));
    }
}
