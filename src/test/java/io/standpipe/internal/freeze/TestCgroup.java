// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import io.standpipe.internal.proc.CgroupDirectory;
import io.standpipe.testkit.Await;
import io.standpipe.testkit.Host;
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
        Path second = writableMount(true);
        Path mount = second != null ? second : writableMount(false);
        Host.assume(mount != null, "needs cgroups");
        return in(mount, second != null);
    }

    /** Makes one of version 2, or of version 1's freezer controller. */
    public static TestCgroup make(boolean isV2) throws IOException {
        Path mount = writableMount(isV2);
        Host.assume(mount != null, "needs cgroups of version " + (isV2 ? 2 : 1));
        return in(mount, isV2);
    }

    /** Every cgroup below the root of the hierarchy can be frozen: version 2's since Linux 5.2, version 1's of the freezer always. */
    private static TestCgroup in(Path mount, boolean isV2) throws IOException {
        Path directory = Files.createDirectory(mount.resolve("standpipe-test-" + ProcessHandle.current().pid()));
        return new TestCgroup(new Cgroup(directory, isV2));
    }

    private static @Nullable Path writableMount(boolean isV2) throws IOException {
        return CgroupDirectory.mounts(isV2).stream()
                .map(CgroupDirectory.Mount::point)
                .filter(Files::isWritable)
                .findFirst()
                .orElse(null);
    }

    /** Makes one below this one. */
    public TestCgroup below(String name) throws IOException {
        return new TestCgroup(new Cgroup(Files.createDirectory(directory().resolve(name)), cgroup.isV2()));
    }

    public Path directory() {
        return cgroup.directory();
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
            for (CgroupDirectory.Mount mount : CgroupDirectory.mounts(second)) {
                Files.writeString(mount.point().resolve("cgroup.procs"), pid + "\n");
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
