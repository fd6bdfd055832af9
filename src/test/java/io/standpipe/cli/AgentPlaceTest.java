// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.proc.ProcessRoot;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.TestProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class AgentPlaceTest {

    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path directory;

    @Test
    void onlyItsUserMayEnterAndNothingIsLeft() throws Exception {
        Path there;
        try (AgentPlace place = AgentPlace.in(ProcessRoot.of(ProcessCalls.pid()), "/tmp", soon())) {
            there = Path.of(place.path("")).toAbsolutePath();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(there)));
            place.put("image", new ByteArrayInputStream(CONTENT));
            assertArrayEquals(CONTENT, Files.readAllBytes(there.resolve("image")));
            assertTrue(Files.exists(Path.of(place.jar())));
        }
        assertFalse(Files.exists(there));
    }

    @Test
    void whatAKilledAttachHasLeftIsRemovedByTheNextButNotWhatIsInUse() throws Exception {
        ProcessRoot root = ProcessRoot.of(ProcessCalls.pid());
        Path there;
        try (AgentPlace place = AgentPlace.in(root, "/tmp", soon())) {
            there = Path.of(place.path("")).toAbsolutePath();
            makeOld(there);
            assertThrows(TimeoutException.class, () -> AgentPlace.in(root, "/tmp", Deadline.in(Duration.ofMillis(100))));
            assertTrue(Files.exists(Path.of(place.jar())));
        }
        Files.createDirectory(there);
        Files.write(there.resolve("libstandpipe.so"), CONTENT);
        makeOld(there);
        Path ofAnEndedJvm = Files.createDirectory(Path.of("/tmp/standpipe-attach-4999999"));
        makeOld(ofAnEndedJvm);
        try (AgentPlace place = AgentPlace.in(root, "/tmp", soon())) {
            assertEquals(there, Path.of(place.path("")).toAbsolutePath());
            assertNotEquals(CONTENT.length, Files.size(Path.of(place.library())));
            assertFalse(Files.exists(ofAnEndedJvm));
        }
        assertFalse(Files.exists(there));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60));
    }

    private static void makeOld(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    }

    @Test
    void whatIsNoRegularFileOfItsUserIsNotRead() throws Exception {
        Path secret = Files.write(directory.resolve("secret"), CONTENT);
        try (AgentPlace place = AgentPlace.in(ProcessRoot.of(ProcessCalls.pid()), "/tmp", soon())) {
            Path there = Path.of(place.path("written"));
            Files.createSymbolicLink(there, secret);
            assertThrows(IOException.class, () -> place.read("written"));
            Files.delete(there);
            Host.run("mkfifo", there.toString());
            assertThrows(IOException.class, () -> place.read("written"));
            Files.delete(there);
            Files.write(there, CONTENT);
            try (InputStream in = place.read("written")) {
                assertArrayEquals(CONTENT, in.readAllBytes());
            }
        }
        assertArrayEquals(CONTENT, Files.readAllBytes(secret));
    }

    @Test
    void fileOfAnotherUserIsNotReadAndWhatIsPutThereIsTheUsersOwn() throws Exception {
        Host.assumeRoot();
        int user = 65_000;
        try (TestProcess process = TestProcess.shell("exec setpriv --reuid=" + user + " --regid=" + user + " --clear-groups sleep 1000")
                .awaitBecome("sleep"); AgentPlace place = AgentPlace.in(ProcessRoot.of(process.pid()), "/tmp", soon())) {
            place.put("image", new ByteArrayInputStream(CONTENT));
            assertEquals(user, Files.getAttribute(Path.of(place.path("image")), "unix:uid"));
            assertEquals(user, Files.getAttribute(Path.of(place.path("")), "unix:uid"));
            Files.write(Path.of(place.path("written")), CONTENT); // as a hard link to a file of root's would be
            assertThrows(IOException.class, () -> place.read("written"));
        }
    }
}
