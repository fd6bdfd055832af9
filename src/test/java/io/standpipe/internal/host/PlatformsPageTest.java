// SPDX-License-Identifier: Apache-2.0
package io.standpipe.internal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.HostFinding;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of docs/PLATFORMS.md has what {@code check} tries, and since when the kernel has it. */
class PlatformsPageTest {

    private static final Pattern ROW = Pattern.compile("\\| (`[^|]*`) \\| ([^|]*) \\| .*");
    private static final Pattern NAME = Pattern.compile("`([^`]*)`");
    private static final List<Class<?>> PROBES =
            List.of(SaveProbes.class, FreezeProbes.class, RestoreProbes.class, ListProbes.class);

    /** Of every kernel that is supported, and no feature of it: limits and permissions. */
    private static final Set<String> NOT_OF_THE_KERNEL =
            Set.of("kernel", "descriptors", "pipe capacity", "pipe pages", "other processes");

    @Test
    void tableHasEachFeatureWithItsVersion() throws Exception {
        Map<String, String> page = page();
        Map<String, String> code = code();
        assertEquals(code.keySet(), page.keySet());
        code.forEach((name, since) -> assertTrue(page.get(name).contains(since), name + " is there since " + since + ", not " + page.get(name)));
    }

    @Test
    void everyFeatureIsTried() throws Exception {
        Set<String> tried = new TreeSet<>();
        for (HostFinding finding : HostProbes.run()) {
            if (!NOT_OF_THE_KERNEL.contains(finding.name())) {
                tried.add(finding.name());
            }
        }
        assertEquals(code().keySet(), tried);
    }

    private static Map<String, String> page() throws IOException {
        Map<String, String> since = new TreeMap<>();
        String text = Files.readString(Path.of("docs/PLATFORMS.md"));
        int begin = text.indexOf("## Kernel\n");
        String section = text.substring(begin, text.indexOf("\n## ", begin));
        for (String line : section.lines().toList()) {
            Matcher row = ROW.matcher(line);
            Matcher name = NAME.matcher(row.matches() ? row.group(1) : "");
            while (name.find()) {
                since.put(name.group(1), row.group(2));
            }
        }
        since.remove("check");
        return since;
    }

    private static Map<String, String> code() throws IllegalAccessException {
        Map<String, String> since = new TreeMap<>();
        for (Class<?> probes : PROBES) {
            for (Field field : probes.getDeclaredFields()) {
                if (field.getType() == Findings.Feature.class) {
                    field.setAccessible(true);
                    Findings.Feature feature = (Findings.Feature) field.get(null);
                    since.put(feature.name(), feature.since());
                }
            }
        }
        return since;
    }
}
