// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CRIU and Standpipe by turns with the same process, which holds pipes and does nothing else: how long it stands still, and how long
 * saving and restoring take. CRIU saves the whole process; the set of one empty pipe tells what that takes without pipes.
 */
public final class BesideCriu {

    /** What the process alone takes. */
    static final String ALONE = "1xempty";

    /** Where what came back of pipes out of the ordinary is told. */
    static final String COMES_BACK = "criu-comes-back.json";

    static final String FROZEN = "criuFrozen";
    static final String DUMP = "criuDump";
    static final String RESTORE = "criuRestore";

    private static final String STANDPIPE = "standpipe";

    private static final List<String> SETS = List.of(
            ALONE, "1x64KiB", "100x64KiB", "1000x4KiB", "64x1MiB", "1000xempty", "2000x4KiB");

    private final Criu criu;
    private final Path jar;
    private final List<JvmVariant> variants;
    private final int rounds;
    private final ResultFile results;

    private BesideCriu(Criu criu, Path jar, List<JvmVariant> variants, int rounds, ResultFile results) {
        this.criu = criu;
        this.jar = jar;
        this.variants = variants;
        this.rounds = rounds;
        this.results = results;
    }

    /**
     * Arguments: quick or full, the result's file, folders for images, the runnable jar, a folder for an archive, and the sets if not
     * the usual ones.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 5) {
            System.err.println("usage: BesideCriu quick|full RESULT.json FOLDER[,FOLDER]... JAR FOLDER [SET]...");
            System.exit(2);
        }
        ResultFile results = new ResultFile(Path.of(arguments[1]), arguments[0]);
        List<String> sets = arguments.length > 5 ? List.of(arguments).subList(5, arguments.length) : SETS;
        Path jar = Path.of(arguments[3]);
        Path comesBack = Path.of(arguments[1]).resolveSibling(COMES_BACK);
        Files.deleteIfExists(comesBack);
        try {
            Criu criu = Criu.find();
            results.version(Criu.NAME, criu.version());
            List<JvmVariant> variants = variants(jar, Files.createDirectories(Path.of(arguments[4])));
            BesideCriu beside = new BesideCriu(criu, jar, variants, arguments[0].equals("full") ? 41 : 7, results);
            for (String folder : arguments[2].split(",")) {
                beside.run(Path.of(folder), sets);
            }
            try (Scratch scratch = Scratch.in(Path.of(arguments[2].split(",")[0]))) {
                ComesBack.tell(criu, scratch, comesBack);
            }
        } catch (IOException e) {
            results.skip(Criu.NAME, sets.get(0), "", e.getMessage());
        }
        results.write();
    }

    /** The command as it comes, and as the README has it start faster. */
    private static List<JvmVariant> variants(Path jar, Path folder) throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        JvmVariant.archive(home, folder).prepare(jar);
        return List.of(JvmVariant.plain(home), JvmVariant.archiveAndQuick(home, folder));
    }

    private void run(Path folder, List<String> sets) throws IOException {
        try (Scratch scratch = Scratch.in(folder)) {
            for (String set : sets) {
                compare(set, scratch);
            }
        }
    }

    private void compare(String set, Scratch scratch) throws IOException {
        String where = Machine.fileSystem(scratch.folder());
        try {
            save(set, where, scratch);
            restore(set, where, scratch); // its process has ended, so that its pid is free
        } catch (IOException e) {
            results.skip(Criu.NAME, set, where, e.getMessage());
        }
    }

    private void save(String set, String where, Scratch scratch) throws IOException {
        try (PipeHolder holder = PipeHolder.livingOn(set)) {
            frozen(set, where, holder.pid(), scratch);
            dump(set, where, holder.pid(), scratch);
        }
    }

    private void frozen(String set, String where, long pid, Scratch scratch) throws IOException {
        Checkpoint checkpoint = Checkpoint.ofProcess(pid);
        try (Contender floor = Floor.window(pid, set)) {
            Contender standpipe = Contender.of(STANDPIPE, () -> {
                try (Snapshot snapshot = checkpoint.snapshot()) {
                    return snapshot.frozen().toNanos();
                }
            });
            Contender whole = Contender.of(Criu.NAME, () -> {
                scratch.clear();
                return criu.frozenNanos(pid, scratch.images());
            });
            results.add(FROZEN, set, where, new Rounds(rounds, 0).run(List.of(whole, floor, standpipe), standpipe));
        }
    }

    private void dump(String set, String where, long pid, Scratch scratch) throws IOException {
        Path image = scratch.image();
        Checkpoint checkpoint = Checkpoint.ofProcess(pid);
        Contender standpipe = afresh(scratch, Contender.timed(STANDPIPE, () -> checkpoint.writeTo(image)));
        List<Contender> all = new ArrayList<>(List.of(
                afresh(scratch, new Launch(Criu.NAME, criu.dump(pid, scratch.images()))), standpipe));
        for (Launch command : commands("checkpoint", "--pid", Long.toString(pid), "--output", image.toString())) {
            all.add(afresh(scratch, command));
        }
        results.add(DUMP, set, where, new Rounds(rounds, 0).run(all, standpipe));
        checkpoint.writeTo(image);
        criu.frozenNanos(pid, scratch.images());
    }

    private void restore(String set, String where, Scratch scratch) throws IOException {
        Restore restore = Restore.from(scratch.image());
        Contender standpipe = Contender.timed(STANDPIPE, () -> restore.open().close());
        List<Contender> all = new ArrayList<>(List.of(
                new Launch(Criu.NAME, criu.restore(scratch.images())), standpipe));
        all.addAll(commands("restore", scratch.image().toString(), "--", "true"));
        results.add(RESTORE, set, where, new Rounds(rounds, 0).run(all, standpipe));
    }

    private List<Launch> commands(String... arguments) throws IOException {
        List<Launch> commands = new ArrayList<>();
        for (JvmVariant variant : variants) {
            commands.add(new Launch("command, " + variant.name(), variant.command(jar, List.of(arguments))));
        }
        return commands;
    }

    private static Contender afresh(Scratch scratch, Contender contender) {
        return Contender.of(contender.name(), () -> {
            scratch.clear();
            return contender.sampleNanos();
        });
    }
}
