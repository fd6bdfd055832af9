// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.Checkpoint;
import io.standpipe.testkit.CCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Prints how many system calls one pipe of another process costs: what 200 pipes cost beyond what 100 cost, for each. */
final class ProcessCallCountDriver {

    private static final int[] LENGTHS = {0, 4_096, 65_536};
    private static final int FEW = 100;
    private static final int MANY = 200;
    private static final int WARM_UP = 5;

    /** Makes argv[1] pipes with argv[2] bytes in each, closes its standard output, and sleeps. */
    private static final String HOLDER = String.join("\n",
            "#include <stdlib.h>",
            "#include <unistd.h>",
            "int main(int argc, char **argv) {",
            "  static char bytes[1 << 16]; int ends[2], i;",
            "  size_t length = (size_t)atoi(argv[2]);",
            "  close(0);",
            "  close(2);",
            "  for (i = atoi(argv[1]); argc == 3 && i > 0; i--)",
            "    if (pipe(ends) || write(ends[1], bytes, length) != (ssize_t)length) return 1;",
            "  close(1);",
            "  pause(); }");

    /** Calls that list processes, and that wait until processes are stopped. */
    private static final Set<String> OF_PROCESSES = Set.of("getdents64", "nanosleep", "pread");

    private static final int ROUNDS = 21;

    private final FaultControl control;
    private final Path image;

    private ProcessCallCountDriver(FaultControl control, Path image) {
        this.control = control;
        this.image = image;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        ProcessCallCountDriver driver = new ProcessCallCountDriver(FaultControl.in(folder), folder.resolve("image"));
        Path program = CCode.program(folder, HOLDER);
        CallTable table = new CallTable(LENGTHS.length);
        for (int i = 0; i < LENGTHS.length; i++) {
            try (Holder few = Holder.of(program, FEW, LENGTHS[i]); Holder many = Holder.of(program, MANY, LENGTHS[i])) {
                table.add(i, driver.calls(few), driver.calls(many), MANY - FEW);
            }
        }
        table.print(OF_PROCESSES);
        System.out.println("looking " + driver.looking(program));
    }

    private record Holder(Process process) implements AutoCloseable {

        static Holder of(Path program, int pipes, int lengthBytes) throws IOException {
            Holder holder = new Holder(new ProcessBuilder(
                            List.of(program.toString(), Integer.toString(pipes), Integer.toString(lengthBytes)))
                    .start());
            if (holder.process.getInputStream().read() != -1) {
                throw new IOException("the holder printed something");
            }
            return holder;
        }

        Checkpoint checkpoint() {
            return Checkpoint.ofProcess(process.pid());
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Map<String, Integer> calls(Holder holder) throws IOException {
        Checkpoint checkpoint = holder.checkpoint();
        for (int i = 0; i < WARM_UP; i++) {
            checkpoint.writeTo(image);
        }
        control.forgetCounts();
        checkpoint.writeTo(image);
        return control.counts(false);
    }

    /**
     * Returns how many calls more one pipe costs if other holders are looked for: the median of some rounds, since other processes come
     * and go.
     */
    private double looking(Path program) throws IOException {
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = (looking(program, MANY) - looking(program, FEW)) / (double) (MANY - FEW);
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private int looking(Path program, int pipes) throws IOException {
        try (Holder holder = Holder.of(program, pipes, 0)) {
            return sum(holder.checkpoint().lookingForOthers()) - sum(holder.checkpoint());
        }
    }

    private int sum(Checkpoint checkpoint) throws IOException {
        control.forgetCounts();
        checkpoint.writeTo(image);
        return control.counts(false).values().stream().mapToInt(Integer::intValue).sum();
    }
}
