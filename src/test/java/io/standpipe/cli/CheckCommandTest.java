// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.standpipe.testkit.DescriptorLeakCheck;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DescriptorLeakCheck.class)
class CheckCommandTest {

    private static final Set<String> LEVELS = Set.of("ok", "limited", "missing");

    @Test
    void textLinesBeginWithALevel() throws Exception {
        CommandRun run = CommandRun.of("check");
        assertEquals("", run.err);
        boolean missing = false;
        for (String line : run.outLines()) {
            String level = line.split(" ")[0];
            assertTrue(LEVELS.contains(level), line);
            missing |= level.equals("missing");
        }
        assertEquals(missing ? 4 : 0, run.exitStatus, run.out);
    }

    @Test
    void jsonListsEveryFindingWithItsRemedy() throws Exception {
        CommandRun run = CommandRun.here("check", "--json");
        assertEquals("", run.err);
        Set<String> names = new TreeSet<>();
        boolean missing = false;
        for (JsonElement element : JsonParser.parseString(run.out).getAsJsonArray()) {
            JsonObject finding = element.getAsJsonObject();
            String level = finding.get("level").getAsString();
            assertTrue(LEVELS.contains(level), run.out);
            assertEquals(!level.equals("ok"), !finding.get("remedy").getAsString().isEmpty(), finding.toString());
            assertTrue(!finding.get("detail").getAsString().isEmpty(), finding.toString());
            names.add(finding.get("name").getAsString());
            missing |= level.equals("missing");
        }
        assertTrue(names.containsAll(Set.of(
                "kernel", "descriptors", "pipe capacity", "tee", "splice", "pidfd_getfd", "other processes", "PIDFD_THREAD", "kcmp",
                "last buffer", "/proc/PID/fd", "/proc/PID/fdinfo", "ptrace", "pidfd_send_signal", "cgroup.freeze", "/proc/PID/task/TID/children", "openat2",
                "memfd_create", "close_range", "CLOSE_RANGE_CLOEXEC", "F_DUPFD_QUERY", "sock_diag", "/proc/PID/syscall")), names.toString());
        assertEquals(missing ? 4 : 0, run.exitStatus, run.out);
    }
}
