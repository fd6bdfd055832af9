// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.Image;
import io.standpipe.StandpipeException;
import io.standpipe.internal.format.EscapedPath;
import io.standpipe.internal.format.Task;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pids that processes have in their own pid namespace, by which CRIU's images name them: where that is another one than Standpipe's, a
 * file beside these images has a line for each process, its pid where Standpipe ran and its pid where it was.
 */
final class NamespacePids {

    /** The name of the file. */
    static final String FILE = "standpipe.pids";
    private static final int MOST_BYTES = 1 << 24;
    private static final int MOST_SHOWN = 40;

    private NamespacePids() {}

    /** Writes those of running processes, if any has another pid there; otherwise there is no such file. */
    static void write(List<Long> pids, Path directory) throws StandpipeException {
        Path file = directory.resolve(FILE);
        StringBuilder lines = new StringBuilder();
        boolean differ = false;
        try {
            for (long pid : pids) {
                int innermost = ProcessStatus.innermostPid((int) pid);
                differ |= innermost != pid;
                lines.append(pid).append(' ').append(innermost).append('\n');
            }
            if (!differ) {
                Files.deleteIfExists(file);
                return;
            }
            SmallFile.replace(file, lines);
        } catch (IOException e) {
            throw Failures.of(file.toString(), e);
        }
    }

    /** Returns those of saved processes, by the pids that an image has. */
    static Map<Long, Integer> read(Path directory, List<Image.Process> saved) throws StandpipeException {
        Path file = directory.resolve(FILE);
        Map<Long, Integer> pids = new HashMap<>();
        try {
            if (Files.notExists(file)) {
                saved.forEach(process -> pids.put(process.pid(), Task.pid(process)));
                return pids;
            }
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw new StandpipeException(file + ": expected a regular file of less than " + MOST_BYTES + " bytes");
            }
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                number++;
                String[] words = line.split(" ");
                if (words.length != 2 || !words[0].matches("\\d{1,10}") || !words[1].matches("\\d{1,9}")) {
                    throw new StandpipeException(file + ", line " + number + ": expected two pids, found '" + shown(line) + "'");
                }
                pids.put(Long.parseLong(words[0]), Integer.parseInt(words[1]));
            }
        } catch (IOException e) {
            throw e instanceof StandpipeException known ? known : new StandpipeException(file + ": " + Reasons.of(e), e);
        }
        return pids;
    }

    private static String shown(String line) {
        return EscapedPath.of(line.substring(0, Math.min(line.length(), MOST_SHOWN)).getBytes(StandardCharsets.ISO_8859_1));
    }
}
