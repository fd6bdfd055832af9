// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.freeze;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.standpipe.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cgroup of the test's own that can be frozen, where this machine and this user allow one. */
public final class TestCgroup implements AutoCloseable {

    private final Cgroup cgroup;

    private TestCgroup(Cgroup cgroup) {
        this.cgroup = cgroup;
    }

    public static TestCgroup make() throws IOException {
        for (boolean second : new boolean[] {true, false}) {
            Path mount = Cgroup.mountPoint(second);
            if (mount != null && Files.isWritable(mount)) {
                Path folder = mount.resolve("standpipe-test-" + ProcessHandle.current().pid());
                Files.createDirectory(folder);
                Cgroup made = new Cgroup(folder, second);
                if (Files.isWritable(made.control())) {
                    return new TestCgroup(made);
                }
                Files.delete(folder);
            }
        }
        assumeTrue(false, "no cgroup that can be frozen may be made here");
        throw new AssertionError();
    }

    Cgroup cgroup() {
        return cgroup;
    }

    void freeze() throws IOException {
        Files.writeString(cgroup.control(), cgroup.isV2() ? "1" : "FROZEN");
        Await.until("it is frozen", this::isFrozen);
    }

    void thaw() throws IOException {
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
            Path mount = Cgroup.mountPoint(second);
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
