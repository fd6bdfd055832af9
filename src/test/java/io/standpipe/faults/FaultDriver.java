// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs in the JVM in which calls fail, and tells what came of it. */
final class FaultDriver {

    /** The property that has it do nothing but list pipes, or all but that. */
    static final String LISTS_ONLY = "standpipe.faults.lists";

    private FaultDriver() {}

    /** In memory, if there is such a folder: how long a sync takes is not what this is about. */
    private static Path quickFolder(Path otherwise) {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : otherwise;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        FaultControl control = FaultControl.in(folder);
        Path images = Files.createTempDirectory(quickFolder(folder), "standpipe-faults");
        try (Cast cast = new Cast(folder); Drains drains = new Drains(images);
                Swaps swaps = new Swaps(folder)) {
            FaultRun run = new FaultRun(
                    control, cast, images.resolve("image"), Boolean.getBoolean("standpipe.faults.all"));
            for (Operation operation : operations(cast, drains, swaps, images)) {
                run.run(operation);
            }
            run.natives().forEach(name -> System.out.println("native " + name));
            System.out.println(run.faults() + " faults, " + run.recovered() + " overcome");
            if (control.unknown() != 0) {
                System.out.println("FAILED a call is made that faults.c does not know: " + control.unknown());
            }
        } finally {
            delete(images);
        }
    }

    private static List<Operation> operations(Cast cast, Drains drains, Swaps swaps, Path images) throws Exception {
        if (Boolean.getBoolean(LISTS_ONLY)) {
            return new Looks(cast, images).lists();
        }
        List<Operation> operations = new ArrayList<>(new Checkpoints(cast, images.resolve("image")).all());
        operations.addAll(new Restores(cast, images).all());
        operations.addAll(new Commands(cast, images).all());
        operations.addAll(InPlaces.all(images));
        operations.addAll(new Looks(cast, images).all());
        operations.addAll(drains.all());
        operations.addAll(swaps.all());
        operations.add(ThinApi.pipeFromMemory());
        return operations;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
