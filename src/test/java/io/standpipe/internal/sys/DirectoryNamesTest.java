// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.sys;

import static io.standpipe.testkit.ErrnoAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.internal.jni.Native;
import io.standpipe.pipe.Errno;
import io.standpipe.pipe.ErrnoException;
import io.standpipe.pipe.Fd;
import io.standpipe.testkit.DescriptorLeakCheck;
import io.standpipe.testkit.TestPipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(DescriptorLeakCheck.class)
class DirectoryNamesTest {

    @TempDir
    Path folder;

    @Test
    void onlyThoseThatBeginLikeThis() throws Exception {
        for (String name : List.of(".one", ".one-two", ".on", "one", ".two", ".One")) {
            Files.createFile(folder.resolve(name));
        }
        Files.createDirectory(folder.resolve(".one-folder"));
        assertEquals(List.of(".one", ".one-folder", ".one-two"), names(".one"));
    }

    @Test
    void moreThanOneReadTells() throws Exception {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            Files.createFile(folder.resolve("other" + i));
            if (i % 100 == 0) {
                wanted.add("wanted-" + (1000 + i));
                Files.createFile(folder.resolve("wanted-" + (1000 + i)));
            }
        }
        assertEquals(wanted, names("wanted"));
    }

    @Test
    void whatIsNotAsciiIsLeftOut() throws Exception {
        String latin = new String(new byte[] {'a', (byte) 0xe4}, StandardCharsets.ISO_8859_1);
        try (Fd directory = open()) {
            NativeMemory name = NativeMemory.ofBytes(latin.getBytes(StandardCharsets.ISO_8859_1));
            Fd.owning(Native.sp_openat(directory.number(), name.address(), Flags.O_WRONLY | Flags.O_CREAT, 0600)).close();
        }
        Files.createFile(folder.resolve("ab"));
        assertEquals(List.of("ab"), names("a"));
    }

    @Test
    void whatIsNoFolderIsRefused() throws Exception {
        try (TestPipe pipe = TestPipe.open()) {
            assertFails(
                    Errno.ENOTDIR,
                    "getdents64(fd=" + pipe.readFd() + "): ENOTDIR (Not a directory)",
                    () -> DirectoryNames.beginningWith(pipe.readFd(), "a"));
        }
    }

    private Fd open() throws ErrnoException {
        return FileCalls.open(FileCalls.CURRENT_FOLDER, folder.toString(), Flags.O_RDONLY, 0);
    }

    private List<String> names(String beginning) throws ErrnoException {
        try (Fd directory = open()) {
            return DirectoryNames.beginningWith(directory.number(), beginning).stream().sorted().toList();
        }
    }
}
