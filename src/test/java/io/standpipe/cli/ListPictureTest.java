// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.standpipe.testkit.Alone;
import io.standpipe.testkit.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture in docs/PIPELINES.md shows what {@code standpipe list --dot} prints. */
@Alone("another holder of the pipes would be in the picture")
class ListPictureTest {

    private static final Path IMAGES = Path.of("docs", "images");
    private static final Pattern LABEL = Pattern.compile("label=\"((?:[^\"\\\\]|\\\\.)*)\"");

    @TempDir
    Path directory;

    @Test
    void graphOfTheDocumentedPipelineIsTheDocumentedOne() throws Exception {
        Host.assumeUnrelatedProcessesCanBeSaved();
        CommandRun run = CommandRun.through(List.of("sh", IMAGES.resolve("list.sh").toString(), directory.toString()));
        assertEquals(0, run.exitStatus, run.err);
        assertEquals(shape(Files.readString(IMAGES.resolve("list.dot"))), shape(run.out), "make the picture anew, as docs/images/list.sh says");
    }

    @Test
    void pictureHasTheWordsOfTheGraph() throws Exception {
        String picture = Files.readString(IMAGES.resolve("list.svg")).replace("&gt;", ">").replace("&quot;", "\"").replace("&#45;", "-");
        Matcher labels = LABEL.matcher(Files.readString(IMAGES.resolve("list.dot")));
        int count = 0;
        while (labels.find()) {
            for (String line : labels.group(1).split("\\\\n")) {
                String words = line.strip().replace("\\\"", "\"");
                assertTrue(picture.contains(words), () -> "list.svg has no " + words + ": make it anew, as docs/images/list.sh says");
                count++;
            }
        }
        assertTrue(count > 20, "labels of list.dot: " + count);
    }

    /** Returns the lines without what differs from run to run: pids, inodes, fill levels and the directory. */
    private static List<String> shape(String graph) {
        return graph.lines()
                .map(line -> line.replaceAll("FIFO [^\"]*/", "FIFO ").replaceAll("\\d[\\d,.]*", "N"))
                .sorted()
                .toList();
    }
}
