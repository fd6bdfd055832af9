// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import io.standpipe.Checkpoint;
import io.standpipe.StandpipeException;
import io.standpipe.testkit.TestPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Tells which of many checkpoints ask for a survey, first while there are no descriptors for one, and then again. */
final class SurveyPauseDriver {

    private static final int PIPES = 200;
    /** More than are saved before a survey is thought of. */
    private static final int BEFORE = 10_000 / (2 * PIPES) + 1;
    private static final int ROUNDS = 40;
    private static final int EMFILE = 24;

    private SurveyPauseDriver() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        FaultControl control = FaultControl.in(folder);
        List<TestPipe> pipes = new ArrayList<>();
        for (int i = 0; i < PIPES; i++) {
            pipes.add(TestPipe.create());
        }
        int[] numbers = pipes.stream().flatMapToInt(pipe -> IntStream.of(pipe.r(), pipe.w())).toArray();
        Checkpoint checkpoint = Checkpoint.ofDescriptors(numbers);
        control.always(new Fault("bpf", 1, EMFILE, false));
        for (int i = 0; i < BEFORE; i++) {
            checkpoint.writeTo(folder.resolve("image"));
        }
        System.out.println("wanting " + asking(control, checkpoint, folder.resolve("image")));
        control.disarm();
        System.out.println("allowed " + asking(control, checkpoint, folder.resolve("image")));
    }

    /** How many checkpoints have the kernel take a program, or would. */
    private static int asking(FaultControl control, Checkpoint checkpoint, Path image) throws StandpipeException {
        int asking = 0;
        for (int i = 0; i < ROUNDS; i++) {
            control.forgetCounts();
            checkpoint.writeTo(image);
            asking += control.counts(false).containsKey("bpf") ? 1 : 0;
        }
        return asking;
    }
}
