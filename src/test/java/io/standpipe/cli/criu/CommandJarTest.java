// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.ImageRefusedException;
import io.standpipe.cli.Main;
import io.standpipe.testkit.ChildRun;
import io.standpipe.testkit.TestJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command's jar has a part of Protocol Buffers only, by toolchain/runnable-jar.xml: that part is enough. */
class CommandJarTest {

    private static final Path ASSEMBLY = Path.of("toolchain/runnable-jar.xml");
    private static final Pattern EXCLUDED = Pattern.compile("<exclude>(com/google/protobuf/[^<]+)</exclude>");
    private static final Pattern LOADED = Pattern.compile("\\b(com\\.google\\.protobuf\\.[\\w.$]+) source:");

    @TempDir
    Path directory;

    /** Reads and writes messages, also such as are none, and imports a dump. */
    static final class UseMessages {
        public static void main(String[] arguments) throws Exception {
            Path dump = Path.of(arguments[0]);
            DumpFiles.rewrite(dump.resolve("files.img"), CriuFileKind.FILES, entry -> DumpFiles.with(entry, 100, 5));
            try {
                CriuMessage.of(new byte[] {15 << 3 | 3, 15 << 3 | 3, 9, 1, 2, 3}, "nowhere");
            } catch (ImageRefusedException e) {
                Main.main(new String[] {"criu", "import", dump.toString(), "--output", dump.resolve("image").toString()});
            }
        }
    }

    @Test
    void whatIsLeftOutIsNotLoaded() throws Exception {
        List<Pattern> excluded = EXCLUDED.matcher(Files.readString(ASSEMBLY)).results()
                .map((MatchResult found) -> Pattern.compile(
                        Pattern.quote(found.group(1)).replace("/**", "\\E/.+\\Q").replaceAll("(?<!\\.)\\*", "\\\\E[^/]*\\\\Q")))
                .toList();
        assertTrue(excluded.size() > 10, excluded::toString);
        Path dump = DumpFiles.copy("pipes", directory);
        ChildRun run = ChildRun.of(TestJvm.command(List.of("-Xlog:class+load"), UseMessages.class, dump.toString()));
        assertTrue(Files.size(dump.resolve("image")) > 0, run::toString);
        Set<String> loaded = new TreeSet<>();
        LOADED.matcher(run.output()).results().forEach(found -> loaded.add(found.group(1).replace('.', '/') + ".class"));
        assertTrue(loaded.contains("com/google/protobuf/UnknownFieldSet.class"), loaded::toString);
        Set<String> missing = new TreeSet<>();
        loaded.forEach(each -> excluded.stream().filter(pattern -> pattern.matcher(each).matches()).forEach(pattern -> missing.add(each)));
        assertEquals(Set.of(), missing);
    }
}
