// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.standpipe.testkit.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No library is loaded from where another user could have put one. */
class PrivateDirectoryTest {

    private static final int ANOTHER = 4711;

    @TempDir
    Path directory;

    @Test
    void newDirectoryIsForItsOwnerAlone() throws IOException {
        Path made = PrivateDirectory.createIn(directory);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        assertEquals(directory.toRealPath(), made.getParent());
    }

    @Test
    void worldWritableDirectoryIsTrustedIfSticky() throws IOException {
        Files.setAttribute(directory, "unix:mode", 01777);
        PrivateDirectory.createIn(directory);
    }

    @Test
    void worldWritableDirectoryIsRefused() throws IOException {
        Files.setAttribute(directory, "unix:mode", 0777);
        assertRefused(directory, directory, "it is writable for everybody (and not sticky)");
    }

    @Test
    void worldWritableDirectoryFartherUpIsRefused() throws IOException {
        Path inner = Files.createDirectories(directory.resolve("a/b"));
        Files.setAttribute(directory, "unix:mode", 0757);
        assertRefused(directory, inner, "it is writable for everybody (and not sticky)");
    }

    @Test
    void linkIsResolvedBeforeTheCheck() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setAttribute(open, "unix:mode", 0777);
        Path link = Files.createSymbolicLink(directory.resolve("link"), open);
        assertRefused(open, link, "it is writable for everybody (and not sticky)");
    }

    @Test
    void directoryOfAnotherUserIsRefused() throws IOException {
        giveAway("unix:uid");
        assertRefused(directory, directory, "it belongs to user " + ANOTHER);
    }

    @Test
    void groupWritableDirectoryOfAnotherGroupIsRefused() throws IOException {
        giveAway("unix:gid");
        Files.setAttribute(directory, "unix:mode", 0770);
        assertRefused(directory, directory, "it is writable for group " + ANOTHER + " (and not sticky)");
    }

    private void giveAway(String attribute) throws IOException {
        Host.assumeRootWith(Host.Capability.CHOWN);
        Files.setAttribute(directory, attribute, ANOTHER);
    }

    private static void assertRefused(Path reason, Path parent, String message) throws IOException {
        int before = parent.toFile().list().length;
        IOException e = assertThrows(IOException.class, () -> PrivateDirectory.createIn(parent));
        assertEquals("directory " + reason.toRealPath() + ": " + message + ", who could put another library in place of ours",
                e.getMessage());
        assertEquals(before, parent.toFile().list().length);
    }
}
