// SPDX-License-Identifier: Apache-2.0
package io.standpipe.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.Host;
import java.io.IOException;
import java.lang.Runtime.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The native libraries as they go into the jar: what they need, and what they offer. */
class LibraryFileTest {

    private static final Path FOLDER = Path.of("target/classes/io/standpipe/internal/jni");
    private static final String PREFIX = "Java_io_standpipe_internal_jni_Native_";
    private static final Version NEWEST_GLIBC = Version.parse("2.17");
    /** Built on arm64 it also needs glibc's loader, where the stack protector's guard is; the cross compiler is told to leave that out. */
    private static final Set<String> MAY_BE_NEEDED = System.getProperty("os.arch").equals("aarch64")
            ? Set.of("libc.so.6", "ld-linux-aarch64.so.1") : Set.of("libc.so.6");
    /** Where toolchain/test-arm64.sh unpacks packages of arm64. */
    private static final Path ARM64_ROOT = Path.of("target/arm64");
    private static final Path ARM64_MUSL = ARM64_ROOT.resolve("usr/lib/aarch64-linux-musl");

    private static final Pattern NEEDED = Pattern.compile("\\(NEEDED\\).*\\[(.*)]");
    private static final Pattern GLIBC = Pattern.compile("Name: GLIBC_([0-9.]+)");
    private static final Pattern SYMBOL = Pattern.compile("(GLOBAL|WEAK) +DEFAULT +(\\w+) (\\w+)");

    @TempDir
    Path folder;

    static List<Path> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.endsWith("libstandpipe.so")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void libraryIsOfTheArchitectureOfItsDirectory(Path library) throws Exception {
        String machine = read("-h", library);

        assertTrue(machine.contains(library.getParent().endsWith("linux-arm64") ? "AArch64" : "X86-64"), machine);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void libraryNeedsOldCLibraryOnly(Path library) throws Exception {
        assertEquals(Set.of(), minus(all(NEEDED, read("-d", library)), MAY_BE_NEEDED));
        for (String version : all(GLIBC, read("-V", library))) {
            // 2.2.5 and the like are not how Java writes versions, and old.
            String firstTwo = version.split("\\.")[0] + "." + version.split("\\.")[1];
            assertTrue(Version.parse(firstTwo).compareTo(NEWEST_GLIBC) <= 0, "needs glibc " + version);
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void libraryExportsTheNativesAndTheAgentsEntryOnly(Path library) throws Exception {
        Set<String> offered = new TreeSet<>();
        SYMBOL.matcher(read("--dyn-syms", library)).results()
                .filter(symbol -> !symbol.group(2).equals("UND"))
                .forEach(symbol -> offered.add(symbol.group(3)));

        for (String function : ShimSources.declaredFunctions()) {
            assertTrue(offered.remove(PREFIX + function.replace("_", "_1")), function);
        }
        offered.removeIf(symbol -> symbol.startsWith(PREFIX));
        assertTrue(offered.remove("Agent_OnAttach"), offered::toString);
        assertEquals(Set.of(), offered);
    }

    @Test
    void libraryLoadsWithMusl() throws Exception {
        Host.assumeTool("musl-gcc");
        assertLoads(FOLDER.resolve("linux-x86_64/libstandpipe.so"), List.of("musl-gcc"), List.of());
    }

    @Test
    void arm64LibraryLoadsWithMusl() throws Exception {
        Host.assumeTool("aarch64-linux-gnu-gcc");
        Host.assumeTool("qemu-aarch64-static");
        Host.assumeFile(ARM64_MUSL.resolve("musl-gcc.specs"));
        String specs = Files.readString(ARM64_MUSL.resolve("musl-gcc.specs")).replace("/usr/", ARM64_ROOT.toAbsolutePath() + "/usr/");
        Path moved = Files.writeString(folder.resolve("specs"), specs);
        Path libraries = ARM64_ROOT.resolve("lib/aarch64-linux-musl");
        assertLoads(FOLDER.resolve("linux-arm64/libstandpipe.so"),
                List.of("aarch64-linux-gnu-gcc", "-specs", moved.toString(), "-L", libraries.toString()),
                List.of("qemu-aarch64-static", "-L", ARM64_ROOT.toString()));
    }

    /** Compiles a program that loads the library and calls a function of it. */
    private void assertLoads(Path library, List<String> compiler, List<String> emulator) throws Exception {
        Path source = Files.writeString(folder.resolve("load.c"), """
                #include <dlfcn.h>
                #include <stdio.h>
                int main(int argc, char **argv)
                {
                    void *library = dlopen(argv[1], RTLD_NOW);
                    int (*page_size)(void *, void *);

                    if (library == NULL)
                        return puts(dlerror()), 1;
                    page_size = (int (*)(void *, void *))dlsym(library, argv[2]);
                    printf("page size %d", page_size(NULL, NULL));
                    return 0;
                }
                """);
        Path program = folder.resolve("load");
        List<String> compile = new ArrayList<>(compiler);
        compile.addAll(List.of("-o", program.toString(), source.toString()));
        Host.run(compile.toArray(new String[0]));
        List<String> load = new ArrayList<>(emulator);
        load.addAll(List.of(program.toString(), library.toString(), PREFIX + "sp_1page_1size"));
        ChildRun.of(load).assertPrinted("page size 4096");
    }

    private static String read(String what, Path library) throws Exception {
        ChildRun run = ChildRun.of(List.of("readelf", "--wide", what, library.toString()));
        assertEquals(0, run.exitStatus(), run::toString);
        return run.output();
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().map(match -> match.group(1)).forEach(found::add);
        assertFalse(found.isEmpty(), text);
        return found;
    }

    private static Set<String> minus(Set<String> all, Set<String> expected) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(expected);
        return rest;
    }
}
