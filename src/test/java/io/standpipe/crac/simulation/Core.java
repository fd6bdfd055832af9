// SPDX-License-Identifier: Apache-2.0
package io.standpipe.crac.simulation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A simulation of CRaC that saves and starts no JVM: it calls the resources in CRaC's order, and refuses what a JDK with CRaC refuses:
 * open objects of the JDK's ({@link JdkResources}), and then whatever the kernel has open that was not at the start, is claimed by no
 * object and is no file. org.crac uses this class if the system property org.crac.Core.Compat names this package.
 */
public final class Core {

    private static final Context<Resource> GLOBAL = new Context<>();
    private static final JdkResources JDK = new JdkResources();
    private static final Set<Integer> AT_START = Set.copyOf(open().keySet());

    private Core() {}

    public static Context<Resource> getGlobalContext() {
        return GLOBAL;
    }

    /** Names an object of the JDK's, which a JDK with CRaC would know by itself. */
    public static void jdk(Object object) throws ReflectiveOperationException, IOException {
        JDK.add(object);
    }

    public static void checkpointRestore() throws CheckpointException, RestoreException {
        List<Exception> failures = new ArrayList<>();
        GLOBAL.beforeCheckpoint(failures);
        Set<Integer> claimed = JDK.beforeCheckpoint(failures);
        checkDescriptors(claimed, failures);
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

    /**
     * Left out is what a JDK with CRaC closes by itself: descriptors of selectors, if no keys are registered, and the socket that its
     * channels are put at before they are closed.
     */
    private static void checkDescriptors(Set<Integer> claimed, List<Exception> failures) {
        open().forEach((fd, link) -> {
            boolean isTheJdks =
                    link.equals("anon_inode:[eventpoll]") || link.equals("anon_inode:[eventfd]") || link.startsWith("socket:");
            boolean isFile = link.startsWith("/") && !link.endsWith(" (deleted)"); // A file in memory counts as deleted.
            if (!isFile && !isTheJdks && !AT_START.contains(fd) && !claimed.contains(fd)) {
                failures.add(new IllegalStateException(
                        "simulated CheckpointOpenResourceException: FD fd=" + fd + " type=fifo path=" + link));
            }
        });
    }

    /** Returns what is open, by number. */
    private static Map<Integer, String> open() {
        Map<Integer, String> open = new TreeMap<>();
        String[] numbers = new File("/proc/self/fd").list();
        for (String number : numbers == null ? new String[0] : numbers) {
            try {
                open.put(Integer.valueOf(number), Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString());
            } catch (IOException e) {
                // It was open for the listing only.
            }
        }
        return open;
    }
}
