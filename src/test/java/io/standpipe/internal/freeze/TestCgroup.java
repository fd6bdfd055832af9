// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.internal.proc.CgroupDirectory;
import io.standpipe.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A cgroup of the test's own that can be frozen, where this machine and this user allow one. */
public final class TestCgroup implements AutoCloseable {

    private final Cgroup cgroup;

    private TestCgroup(Cgroup cgroup) {
        this.cgroup = cgroup;
    }

    public static TestCgroup make() throws IOException {
        TestCgroup made = makeOrNull(true);
        return made != null ? made : of(makeOrNull(false), "");
    }

    /** Makes one of version 2, or of version 1's freezer controller. */
    public static TestCgroup make(boolean isV2) throws IOException {
        return of(makeOrNull(isV2), " of version " + (isV2 ? 2 : 1));
    }

    private static TestCgroup of(@Nullable TestCgroup made, String version) {
        assumeTrue(made != null, "no cgroup" + version + " that can be frozen may be made here");
        return made;
    }

    private static @Nullable TestCgroup makeOrNull(boolean isV2) throws IOException {
        Path mount = CgroupDirectory.mountPoint(isV2);
        if (mount != null && Files.isWritable(mount)) {
            Path folder = mount.resolve("standpipe-test-" + ProcessHandle.current().pid());
            Files.createDirectory(folder);
            Cgroup made = new Cgroup(folder, isV2);
            if (Files.isWritable(made.control())) {
                return new TestCgroup(made);
            }
            Files.delete(folder);
        }
        return null;
    }

    Cgroup cgroup() {
        return cgroup;
    }

    public void freeze() throws IOException {
        Files.writeString(cgroup.control(), cgroup.isV2() ? "1" : "FROZEN");
        Await.until("it is frozen", this::isFrozen);
    }

    public void thaw() throws IOException {
        Files.writeString(cgroup.control(), cgroup.isV2() ? "0" : "THAWED");
    }

    boolean isFrozen() throws IOException {
        return cgroup.isV2()
                ? Files.readString(cgroup.directory().resolve("cgroup.events")).contains("frozen 1")
                : Files.readString(cgroup.control()).startsWith("FROZEN");
    }

    public void add(int pid) throws IOException {
        Files.writeString(cgroup.directory().resolve("cgroup.procs"), pid + "\n");
    }

    void addToRoot(int pid) throws IOException {
        for (boolean second : new boolean[] {true, false}) {
            Path mount = CgroupDirectory.mountPoint(second);
            if (mount != null) {
                Files.writeString(mount.resolve("cgroup.procs"), pid + "\n");
            }
        }
    }

    /** What was in it has ended by now, or is about to. */
    @Override
    public void close() {
        Await.until("the cgroup is empty", () -> {
            Files.delete(cgroup.directory());
            return true;
        });
    }
}
