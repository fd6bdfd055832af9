// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A simulation of CRaC that saves and starts no JVM: it calls the resources in CRaC's order, and refuses open pipes as CRaC
 * does. org.crac uses this class if the system property org.crac.Core.Compat names this package.
 */
public final class Core {

    private static final Context<Resource> GLOBAL = new Context<>();

    private Core() {}

    public static Context<Resource> getGlobalContext() {
        return GLOBAL;
    }

    public static void checkpointRestore() throws CheckpointException, RestoreException {
        List<Exception> failures = new ArrayList<>();
        GLOBAL.beforeCheckpoint(failures);
        if (failures.isEmpty()) {
            checkDescriptors(failures);
        }
        List<Exception> afterwards = new ArrayList<>();
        GLOBAL.afterRestore(afterwards);
        if (!failures.isEmpty()) {
            CheckpointException vetoed = new CheckpointException();
            failures.forEach(vetoed::addSuppressed);
            afterwards.forEach(vetoed::addSuppressed);
            throw vetoed;
        }
        if (!afterwards.isEmpty()) {
            RestoreException failed = new RestoreException();
            afterwards.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    /** Refuses pipes other than the standard streams, as CRaC does. */
    private static void checkDescriptors(List<Exception> failures) {
        String[] numbers = new File("/proc/self/fd").list();
        for (String number : numbers == null ? new String[0] : numbers) {
            String link = link(number);
            if (Integer.parseInt(number) > 2 && link.startsWith("pipe:")) {
                failures.add(new IllegalStateException(
                        "simulated CheckpointOpenResourceException: FD fd=" + number + " type=fifo path=" + link));
            }
        }
    }

    private static String link(String number) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
