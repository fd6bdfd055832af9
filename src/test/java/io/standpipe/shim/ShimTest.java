// SPDX-License-Identifier: Apache-2.0
package io.standpipe.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import io.standpipe.testkit.SkipCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shim without a JVM: the program of src/test/native by itself, and under what watches every step of it. */
class ShimTest {

    @TempDir
    static Path folder;

    private static Path plain;

    @BeforeAll
    static void compile() throws Exception {
        plain = ShimSources.testProgram(subfolder("plain"), "gcc", "-O2", "-D_FORTIFY_SOURCE=2");
    }

    @Test
    void everyDeclaredFunctionHasATest() throws Exception {
        List<String> tested = ChildRun.of(List.of(plain.toString(), "--functions")).output().lines().toList();
        SortedSet<String> declared = ShimSources.declaredFunctions();
        SortedSet<String> untested = new TreeSet<>(declared);
        untested.removeAll(tested);

        assertEquals(Set.of(), untested, "declared in standpipe.h, and no test in src/test/native names them");
        assertTrue(declared.containsAll(tested), () -> "declared " + declared + ", tested " + tested);
    }

    @Test
    void everyTestPasses() throws Exception {
        assertPasses(List.of(), ChildRun.of(List.of(plain.toString())));
    }

    @Test
    void sanitizersFindNothing() throws Exception {
        String sanitizers = "-fsanitize=address,undefined";
        Host.assume(canSanitize(sanitizers), "gcc has no sanitizers here (libasan, libubsan)");
        Path program = ShimSources.testProgram(subfolder("sanitized"), "gcc", sanitizers, "-O1",
                "-fno-sanitize-recover=all", "-fno-omit-frame-pointer");

        assertPasses(List.of(), ChildRun.of(atFixedAddresses(program)));
    }

    @Test
    void memcheckFindsNothing() throws Exception {
        Host.assumeTool("valgrind");
        // Not with --track-fds, to which a bad descriptor is an error: the program itself counts descriptors.
        ChildRun run = ChildRun.of(List.of("valgrind", "--child-silent-after-fork=yes", "--error-exitcode=99",
                "--leak-check=full", plain.toString(), "--no-bad-addresses"));

        assertPasses(List.of("valgrind"), run);
        assertTrue(run.output().contains("ERROR SUMMARY: 0 errors"), run::toString);
    }

    @Test
    void everyTestPassesOnEmulatedArm64() throws Exception {
        String compiler = "aarch64-linux-gnu-gcc";
        Host.assumeTool(compiler);
        Host.assumeTool("qemu-aarch64-static");
        Path program = ShimSources.testProgram(subfolder("arm64"), compiler, "-O1", "-static");

        assertPasses(List.of("qemu-user"), ChildRun.of(List.of("qemu-aarch64-static", program.toString())));
    }

    @Test
    void everyTestPassesWithMusl() throws Exception {
        Host.assumeTool("musl-gcc");
        // It finds the kernel's headers behind its own only.
        Path program = ShimSources.testProgram(subfolder("musl"), "musl-gcc", "-O1", "-static",
                "-idirafter", "/usr/include", "-idirafter", "/usr/include/" + System.getProperty("os.arch")
                        .replace("amd64", "x86_64") + "-linux-gnu");

        assertPasses(List.of(), ChildRun.of(List.of(program.toString())));
    }

    /**
     * Asserts that no test failed, and that only those were skipped that the list of skips has.
     *
     * @param tools what stands between the program and the kernel, by the list's tags
     */
    private static void assertPasses(List<String> tools, ChildRun run) throws IOException, InterruptedException {
        assertEquals(0, run.exitStatus(), run::toString);
        assertTrue(run.output().contains("\nok sp_pipe2 ") || run.output().startsWith("ok sp_pipe2 "), run::toString);
        run.output().lines().filter(line -> line.startsWith("skipped ") || line.startsWith("lacking ")).forEach(System.err::println);
        ChildRun check = SkipCheck.compiledTo(Files.createTempDirectory(folder, "classes")).compare(tools, Files.writeString(Files.createTempFile(folder, "output", ".txt"), run.output()));
        assertEquals(0, check.exitStatus(), () -> check + "\n" + run);
    }

    private static boolean canSanitize(String option) throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("empty.c"), "int main(void) { return 0; }\n");
        return ChildRun.works("gcc", option, "-o", folder.resolve("empty").toString(), source.toString());
    }

    /** Where kernels put memory anywhere, older sanitizers do not always find room for theirs. */
    private static List<String> atFixedAddresses(Path program) throws InterruptedException {
        List<String> command = new ArrayList<>();
        if (ChildRun.works("setarch", "-R", "true")) {
            command.addAll(List.of("setarch", "-R"));
        }
        command.add(program.toString());
        return command;
    }

    private static Path subfolder(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }
}
