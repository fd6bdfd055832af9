// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.CCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No function can come into the native library that faults.c does not know, and no number of a system call. */
class NativeImportsTest {

    /** The C library's, that make no system call, or one that cannot fail here. */
    private static final Set<String> HARMLESS = Set.of(
            "__errno_location", "__stack_chk_fail", "__libc_current_sigrtmax", // what the compiler and headers make of code
            "strchr", "strrchr", "strstr", "strtol", "snprintf", "__snprintf_chk", // text in memory
            "clock_gettime", "getpid", "sysconf", // always known
            "_exit", // never returns
            "environ", "__environ"); // variables

    private static final Path LIBRARY = Path.of("target/classes/io/standpipe/internal/jni/linux-x86_64/libstandpipe.so");
    private static final Pattern NUMBER = Pattern.compile("syscall\\(\\s*(?:SYS_)?(\\w+)");
    private static final Pattern ENTRY = Pattern.compile("F\\((\\w+)\\)");
    private static final Pattern TABLE = Pattern.compile("#define EACH_NUMBER\\(F\\)((?:.*\\\\\n)*.*)\n");
    /** Those whose results can be short, too. */
    private static final Pattern TRANSFER = Pattern.compile("(?:F\\(|number == )SYS_(\\w+)(?:, | \\?)");

    @TempDir
    Path folder;

    @Test
    void everyImportedFunctionCanFail() throws Exception {
        Set<String> unknown = symbols("-u", LIBRARY, "U");
        assertTrue(unknown.contains("pipe2"), unknown::toString);
        unknown.removeAll(symbols("-g", CCode.library(folder, FaultLibrary.class, "faults.c"), "T"));
        unknown.removeAll(HARMLESS);
        assertEquals(Set.of(), unknown, "have them fail in faults.c, or say here why they cannot");
    }

    @Test
    void everySystemCallNumberCanFail() throws IOException {
        String faults = text(FaultLibrary.class.getResourceAsStream("faults.c"));
        Matcher table = TABLE.matcher(faults);
        assertTrue(table.find());
        Set<String> known = names(ENTRY.matcher(table.group(1)));
        known.addAll(names(TRANSFER.matcher(faults)));
        Set<String> unknown = new TreeSet<>();
        for (Path source : sources()) {
            Matcher call = NUMBER.matcher(Files.readString(source));
            while (call.find()) {
                if (!known.contains(call.group(1))) {
                    unknown.add(source.getFileName() + ": " + call.group(1));
                }
            }
        }
        assertEquals(Set.of(), unknown, "have them fail in faults.c");
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/native"))) {
            return files.filter(file -> file.toString().endsWith(".c")).toList();
        }
    }

    private static String text(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The names of a library's symbols of one kind, as nm tells them. */
    private static Set<String> symbols(String option, Path library, String kind)
            throws IOException, InterruptedException {
        Process nm = new ProcessBuilder("nm", "-D", option, library.toString()).redirectErrorStream(true).start();
        String output = text(nm.getInputStream());
        assertEquals(0, nm.waitFor(), output);
        Pattern line = Pattern.compile("(?m)^[0-9a-f ]* " + kind + " ([^@\\s]+)");
        return names(line.matcher(output));
    }

    private static Set<String> names(Matcher matcher) {
        return matcher.results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
