// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.jni;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.internal.sys.PageSize;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.TestJvm;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

    private static final String LIBRARY = Loader.getPlatform() + "/libstandpipe.so";

    @TempDir
    Path directory;

    /** Makes one native call. */
    static final class OneCall {
        public static void main(String[] args) {
            System.out.println("page size " + PageSize.SIZE_BYTES);
        }
    }

    @Test
    void unpackedLibraryIsRemoved() throws Exception {
        ChildRun result = TestJvm.run(List.of("-Djava.io.tmpdir=" + directory), OneCall.class);

        result.assertPrinted(pageSize());
        assertArrayEquals(new String[0], directory.toFile().list());
    }

    @Test
    void libraryOfThePropertyIsLoadedInPlaceOfTheJars() throws Exception {
        Path library = directory.resolve("libnamed.so");
        try (InputStream packed = NativeLibrary.class.getResourceAsStream(LIBRARY)) {
            Files.copy(packed, library);
        }
        // With no directory to unpack to, only the named library can be the one that answers.
        List<String> options =
                List.of("-Djava.io.tmpdir=" + directory.resolve("absent"), "-Dstandpipe.library.path=" + library);

        ChildRun result = TestJvm.run(options, OneCall.class);

        assertEquals(0, result.exitStatus(), result.output());
        assertTrue(result.output().endsWith(pageSize()), result.output());
    }

    @Test
    void missingTemporaryDirectoryFailsAndNamesTheProperties() throws Exception {
        Path absent = directory.resolve("absent");

        ChildRun result = TestJvm.run(List.of("-Djava.io.tmpdir=" + absent), OneCall.class);

        assertEquals(1, result.exitStatus());
        assertTrue(
                result.output().contains("cannot unpack the native library " + LIBRARY + " to " + absent
                        + "; set -Djava.io.tmpdir to a folder that can be written, or -Dstandpipe.library.path"),
                result.output());
    }

    private static String pageSize() {
        return "page size " + PageSize.SIZE_BYTES + "\n";
    }
}
