// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import io.standpipe.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first snapshot that a JVM takes, which is all that the JVM of a command takes: prints for how many nanoseconds the
 * process stood still.
 */
public final class FirstCall {

    private FirstCall() {}

    /** Arguments: pid, and the descriptors to be saved if not all. */
    public static void main(String[] arguments) throws IOException {
        int[] descriptors = new int[arguments.length - 1];
        for (int i = 0; i < descriptors.length; i++) {
            descriptors[i] = Integer.parseInt(arguments[i + 1]);
        }
        try (Snapshot snapshot = of(Long.parseLong(arguments[0]), descriptors).snapshot()) {
            System.out.println(snapshot.frozen().toNanos());
        }
    }

    /** @param descriptors empty for all */
    static Checkpoint of(long pid, int... descriptors) {
        return descriptors.length == 0 ? Checkpoint.ofProcess(pid) : Checkpoint.ofProcess(pid, descriptors);
    }

    /** The same in a JVM of its own. */
    static long inNewJvm(long pid, int... descriptors) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(pid)));
        for (int descriptor : descriptors) {
            arguments.add(Integer.toString(descriptor));
        }
        return NewJvm.nanos(FirstCall.class, arguments);
    }
}
