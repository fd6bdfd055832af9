// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.Checkpoint;
import io.standpipe.Restore;
import io.standpipe.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A scenario: processes are saved, and then the same is done with them and with those started in their place, who must
 * give the same answers. The originals come first, and are killed before the others start; so their FIFOs are not in
 * use then.
 */
final class Play {

    /** What is done with the cast, originals or twins, and what they must answer. */
    interface Act {
        void with(Puppet[] cast) throws IOException, InterruptedException;
    }

    private final Stage stage;
    private final Puppet[] cast;
    private Puppet[] kept;
    private UnaryOperator<Restore> options = UnaryOperator.identity();
    private String[] deviations = {};

    private Play(Stage stage, Puppet[] cast) {
        this.stage = stage;
        this.cast = cast;
        kept = cast;
    }

    /** All of these are saved. */
    static Play of(Stage stage, Puppet... cast) {
        return new Play(stage, cast);
    }

    /** Only these are restored, or of the originals go on; the act is done with them. */
    Play keeping(Puppet... some) {
        kept = some;
        return this;
    }

    Play restoring(UnaryOperator<Restore> with) {
        options = with;
        return this;
    }

    /** What the restore tells to be otherwise, by the end of each sentence; else there is nothing to tell. */
    Play telling(String... ends) {
        deviations = ends;
        return this;
    }

    /** Does it with the originals, and with twins from an image, from an image by copies, and from a snapshot. */
    void act(Act act) throws Exception {
        long[] pids = Arrays.stream(cast).mapToLong(Puppet::pid).toArray();
        Path image = stage.folder().resolve("image");
        Checkpoint.ofProcesses(pids).writeTo(image);
        try (Snapshot snapshot = Checkpoint.ofProcesses(pids).snapshot()) {
            for (Puppet puppet : cast) {
                if (!Arrays.asList(kept).contains(puppet)) {
                    stage.kill(puppet);
                }
            }
            act.with(kept);
            stage.clear();
            again(Restore.from(image), act);
            again(Restore.from(image).copying(), act);
            again(Restore.from(snapshot), act);
        }
        Files.delete(image);
    }

    private void again(Restore restore, Act act) throws IOException, InterruptedException {
        List<String> told = new ArrayList<>();
        Puppet[] twins = stage.restore(options.apply(restore), kept, told);
        assertEquals(deviations.length, told.size(), told::toString);
        for (int i = 0; i < deviations.length; i++) {
            String end = deviations[i];
            assertEquals(end, told.get(i).substring(Math.max(0, told.get(i).length() - end.length())));
        }
        act.with(twins);
        stage.clear();
    }
}
