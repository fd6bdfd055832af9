// SPDX-License-Identifier: Apache-2.0
package io.standpipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BadArgumentTest {

    private static final long OWN_PID = ProcessHandle.current().pid();

    @Test
    void anEmptyListOfDescriptorsIsRefused() {
        assertRefused("no descriptor is named, expected at least one", () -> Checkpoint.ofDescriptors());
    }

    @Test
    void anEmptyListOfAnotherProcessIsRefused() {
        assertRefused("no descriptor is named, expected at least one", () -> Checkpoint.ofProcess(1, new int[0]));
    }

    @Test
    void aNegativeDescriptorIsRefused() {
        assertRefused("descriptor is -1, expected 0 or more", () -> Checkpoint.ofDescriptors(3, -1));
    }

    @Test
    void aNegativeDescriptorOfAnotherProcessIsRefused() {
        assertRefused("descriptor is -7, expected 0 or more", () -> Checkpoint.ofProcess(1, -7));
    }

    @Test
    void thisProcessIsRefused() {
        assertRefused(
                "pid " + OWN_PID + " is this process: name its descriptors with Checkpoint.ofDescriptors",
                () -> Checkpoint.ofProcess(OWN_PID));
    }

    @Test
    void pidZeroIsRefused() {
        assertRefused("pid is 0, expected 1 to 2147483647", () -> Checkpoint.ofProcess(0));
    }

    @Test
    void aPidBeyondTheIntegersIsRefused() {
        assertRefused("pid is 2147483648, expected 1 to 2147483647", () -> Checkpoint.ofProcess(1L << 31));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
