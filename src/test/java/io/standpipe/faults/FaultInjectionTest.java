// SPDX-License-Identifier: Apache-2.0
package io.standpipe.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.ChildRun;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of system call that an operation makes fails once, in every way that it can. Whatever is under way then
 * either comes out right or fails with a message that names call and cause; no byte is consumed, no descriptor left
 * open, no process left standing, no file left behind.
 *
 * <p>Of the like calls of an operation the first fails in every way and the last in one. With the profile
 * {@code thorough} the first, the second, the middle one and the last fail in every way, and with
 * {@code -Dstandpipe.faults.all=true} each of them does, which takes long; the property needs no profile. Listing pipes
 * fails in {@link ListFaultsTest}.
 */
class FaultInjectionTest {

    /** These make no system call that can fail. */
    private static final Set<String> WITHOUT_CALLS = Set.of(
            "sp_buffer_address", "sp_java_descriptor", "sp_int_field", "sp_boolean_field", "sp_object_field", "sp_construct",
            "sp_page_size", "sp_getpid", "sp_gettid", "sp_getppid", "sp_getpgrp", "sp_getsid");

    @TempDir
    static Path folder;

    private static ChildRun result;

    @BeforeAll
    static void run() throws IOException, InterruptedException {
        result = FaultLibrary.runAll(folder, false);
        lines("").filter(line -> line.matches("\\d+ faults, \\d+ overcome")).forEach(System.out::println);
    }

    private static Stream<String> lines(String prefix) {
        return result.output().lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()));
    }

    @Test
    void failedSystemCallLosesNothingAndIsNamed() {
        assertEquals(0, result.exitStatus(), result::output);
        assertEquals("", lines("FAILED ").collect(Collectors.joining("\n")));
    }

    @Test
    void everyNativeFunctionHasFailed() throws ClassNotFoundException {
        Set<String> never = new TreeSet<>();
        Class<?> natives = Class.forName("io.standpipe.internal.jni.Native", false, getClass().getClassLoader());
        for (Method method : natives.getDeclaredMethods()) {
            if (method.getName().startsWith("sp_")) {
                never.add(method.getName());
            }
        }
        never.removeAll(WITHOUT_CALLS);
        never.removeAll(lines("native ").collect(Collectors.toSet()));
        assertEquals(Set.of(), never, "natives in which no call has failed: have an operation that uses them");
    }
}
