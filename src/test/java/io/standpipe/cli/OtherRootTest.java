// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.standpipe.Checkpoint;
import io.standpipe.Image;
import io.standpipe.LivePipes;
import io.standpipe.Restore;
import io.standpipe.RestoredPipes;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.sys.Flags;
import io.standpipe.internal.sys.PipeCalls;
import io.standpipe.internal.sys.Stat;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.PipeIo;
import io.standpipe.testkit.TestProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** FIFOs of processes in a chroot, and in a mount namespace of their own. */
@ExtendWith(DescriptorLeakCheck.class)
class OtherRootTest {

    private static final byte[] CONTENT = "in flight".getBytes(StandardCharsets.US_ASCII);

    /** Opens a FIFO at fd 5 for reading, whose only writer has closed it, and a FIFO at fd 6 for reading and writing. */
    private static final String HOLD = "mkfifo $at/f $at/g; exec 4<>$at/f 5<$at/f; printf 'in flight' >&4; exec 4>&-;"
            + " exec 6<>$at/g; ";

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void resolveDirectory() throws Exception {
        Host.assumeRoot();
        directory = directory.toRealPath();
        image = directory.resolve("app.ckpt");
    }

    @Test
    void fifoPathsInAChrootAreThoseThatTheProcessSees() throws Exception {
        try (TestProcess process = inChroot(HOLD)) {
            Checkpoint.ofProcess(process.pid(), 5, 6).writeTo(image);
        }
        assertSaved("/run/f", "/run/g");
        assertRestored(Restore.from(image).fifosInRoot(directory.resolve("root")));
        assertEquals("in flight", restored("--fifo-root", directory.resolve("root")));
    }

    @Test
    void unlinkedFifoInAChrootIsUnlinkedInTheImage() throws Exception {
        try (TestProcess process = inChroot(HOLD + "rm $at/f; ")) {
            Checkpoint.ofProcess(process.pid(), 5, 6).writeTo(image);
        }
        Image checked = Restore.from(image).check();
        assertEquals("/run/f", path(checked, 0));
        assertEquals(true, List.copyOf(checked.pipes().values()).get(0).unlinked());
        assertFalse(List.copyOf(checked.pipes().values()).get(1).unlinked());
    }

    @Test
    void fifoPathsInAMountNamespaceAreThoseThatTheProcessSees() throws Exception {
        Host.assumeMountNamespaces();
        Path mounted = Files.createDirectory(directory.resolve("mounted"));
        String script = "at='" + mounted + "'; mount -t tmpfs none $at; " + HOLD + "exec sleep 1000";
        try (TestProcess process = TestProcess.shellWithoutPipes("exec unshare -m sh -c \"" + script.replace("$", "\\$")
                + "\"").awaitBecome("sleep")) {
            Checkpoint.ofProcess(process.pid(), 5, 6).writeTo(image);
        }
        assertEquals(0, mounted.toFile().list().length);
        assertSaved(mounted + "/f", mounted + "/g");
        assertRestored(Restore.from(image).fifosBelow(mounted).creatingFifos());
        assertEquals("in flight", restored("--fifo-base", mounted));
    }

    @Test
    void fifoOutsideOfTheRootKeepsThePathThatThisProcessSees() throws Exception {
        Path fifo = directory.resolve("outside");
        String open = "mkfifo '" + fifo + "'; exec 5<>'" + fifo + "'; printf 'in flight' >&5; ";
        try (TestProcess process = inChroot(open)) {
            Checkpoint.ofProcess(process.pid()).writeTo(image);
            assertEquals(fifo.toString(), LivePipes.find().of(process.pid()).get(0).path());
        }
        assertKept(fifo);
        try (RestoredPipes pipes = Restore.from(image).fifosBelow(directory).open()) {
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(5).number()));
            assertEquals(Files.getAttribute(fifo, "unix:ino"), Stat.of(pipes.descriptor(5).number()).ino());
        }
    }

    @Test
    void fifoThatAMountCoversKeepsItsPath() throws Exception {
        Path covered = Files.createDirectory(directory.resolve("covered"));
        Host.assumeMountNamespaces();
        String inside = "mkfifo " + covered + "/f; exec 5<>" + covered + "/f; sleep 1000 & exec 5>&-;"
                + " mount -t tmpfs none " + covered + "; \"$@\" checkpoint --pid $! --fd 5 -o " + image + "; status=$?; kill $!; exit $status";
        CommandRun.shell("exec unshare -m sh -c '" + inside + "' sh \"$@\"").failed(0, "saved 1 pipe");
        assertKept(covered.resolve("f"));
    }

    private void assertKept(Path path) throws Exception {
        Image checked = Restore.from(image).check();
        assertEquals(path.toString(), path(checked, 0));
        assertFalse(List.copyOf(checked.pipes().values()).get(0).unlinked());
    }

    /** Starts sleep in a chroot that has only sleep and the libraries that sleep needs. */
    private TestProcess inChroot(String script) throws Exception {
        Path root = Files.createDirectories(directory.resolve("root/run")).getParent();
        Host.run(
                "sh", "-c", "cp --parents /bin/sleep $(ldd /bin/sleep | grep -o '/[^ ]*') '" + root + "'");
        Host.run("chroot", root.toString(), "/bin/sleep", "0");
        return TestProcess.shellWithoutPipes("at='" + root + "/run'; " + script + "exec chroot '" + root
                + "' /bin/sleep 1000").awaitBecome("sleep");
    }

    private void assertSaved(String first, String second) throws Exception {
        Image checked = Restore.from(image).check();
        assertEquals(first, path(checked, 0));
        assertEquals(second, path(checked, 1));
        assertFalse(checked.pipes().values().stream().anyMatch(Image.Pipe::unlinked));
    }

    private static void assertRestored(Restore restore) throws Exception {
        try (RestoredPipes pipes = restore.open()) {
            int reader = pipes.descriptor(5).number();
            assertEquals(Flags.POLLIN | Flags.POLLHUP, PipeCalls.poll(reader, Flags.POLLIN));
            assertArrayEquals(CONTENT, PipeIo.readAll(reader));
            PipeIo.write(pipes.descriptor(6).number(), CONTENT);
            assertArrayEquals(CONTENT, PipeIo.readAll(pipes.descriptor(6).number()));
        }
    }

    private String restored(String option, Path value) throws Exception {
        return CommandRun.of("restore", option, value, image, "--", "sh", "-c", "cat <&5; test -p /proc/self/fd/6")
                .succeeded().out;
    }

    private static String path(Image image, int descriptor) {
        return EscapedPath.of(image.processes().get(0).table().descriptors().get(descriptor).description().path());
    }
}
