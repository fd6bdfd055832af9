// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.freeze.TestCgroup;
import io.standpipe.internal.proc.CgroupDirectory;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.RandomBytes;
import io.standpipe.testkit.TestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Freezing by the cgroups that a container has: those below its own, by the names that the host gives or by its own. */
@ExtendWith(DescriptorLeakCheck.class)
class ContainerCgroupsTest {

    /** Mounts the cgroup of the container, and nothing above it, where the whole hierarchy was. */
    private static final String BY_NAMES_OF_THE_HOST = "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"";

    private static final byte[] BYTES = RandomBytes.of(5000);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void processInACgroupBelowThatOfTheContainerIsFrozen(boolean isV2) throws Exception {
        Host.assumeRootWith(Host.Capability.SYS_ADMIN);
        try (TestCgroup outer = TestCgroup.make(isV2);
                TestCgroup inner = outer.below("target");
                TestProcess process = TestProcess.holding(BYTES)) {
            inner.add(process.pid());
            Path image = directory.resolve("app.ckpt");
            CommandRun run = inside(outer, isV2, "", "checkpoint", "--pid", process.pid(), "--freeze", "cgroup", "-o", image);
            assertEquals(0, run.exitStatus, run.err);
            assertTrue(run.err.contains("frozen for"), run.err);
            TestProcess.awaitQueued(process.pid(), 0, BYTES.length);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readOnlyCgroupsAreNamedWithWhatWorksInstead(boolean isV2) throws Exception {
        Host.assumeRootWith(Host.Capability.SYS_ADMIN);
        try (TestCgroup outer = TestCgroup.make(isV2);
                TestCgroup inner = outer.below("target");
                TestProcess process = TestProcess.holding(BYTES)) {
            inner.add(process.pid());
            Path images = Files.createDirectory(directory.resolve("images"));
            Object[] checkpoint = {"checkpoint", "--pid", process.pid(), "--freeze", "cgroup", "-o", images.resolve("app.ckpt")};
            inside(outer, isV2, "mount -o remount,bind,ro \"$1\" && ", checkpoint).failed(4, "/target: it may not be frozen", "--freeze ptrace");
            assertEquals(List.of(), List.of(images.toFile().list()));
            checkpoint[4] = "ptrace";
            CommandRun run = inside(outer, isV2, "mount -o remount,bind,ro \"$1\" && ", checkpoint);
            assertEquals(0, run.exitStatus, run.err);
        }
    }

    /** A cgroup beside that of the container, as a sidecar that sees the other's processes has it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cgroupThatIsNotMountedIsRefusedAsSuch(boolean isV2) throws Exception {
        Host.assumeRootWith(Host.Capability.SYS_ADMIN);
        try (TestCgroup outer = TestCgroup.make(isV2);
                TestCgroup beside = outer.below("beside");
                TestCgroup own = outer.below("own");
                TestProcess process = TestProcess.holding(BYTES)) {
            beside.add(process.pid());
            inside(own, isV2, "", "checkpoint", "--pid", process.pid(), "--freeze", "cgroup", "-o", directory.resolve("app.ckpt"))
                    .failed(1, "its cgroup is not mounted here", "--freeze ptrace");
        }
    }

    private static CommandRun inside(TestCgroup container, boolean isV2, String preparation, Object... arguments) throws Exception {
        Path mount = CgroupDirectory.mounts(isV2).get(0).point();
        String script = BY_NAMES_OF_THE_HOST.replace("shift", preparation + "shift");
        return CommandRun.through(
                List.of("unshare", "--mount", "sh", "-c", script, container.directory().toString(), mount.toString()), arguments);
    }
}
