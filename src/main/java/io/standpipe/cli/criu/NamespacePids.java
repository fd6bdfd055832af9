// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli.criu;

import io.standpipe.StandpipeException;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.Failures;
import io.standpipe.internal.sys.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pids that processes have in their own pid namespace, by which CRIU's images name them: a file beside these images with a line for
 * each process, its pid where Standpipe ran and its pid where it was.
 */
final class NamespacePids {

    /** The name of the file. */
    static final String FILE = "standpipe.pids";
    private static final int MOST_BYTES = 1 << 24;

    private NamespacePids() {}

    /** Writes those of running processes. */
    static void write(List<Long> pids, Path directory) throws StandpipeException {
        Path file = directory.resolve(FILE);
        try {
            List<String> lines = new ArrayList<>();
            for (long pid : pids) {
                lines.add(pid + " " + ProcessStatus.innermostPid((int) pid));
            }
            Path temporary = Files.createTempFile(
                    directory, FILE, "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.write(temporary, lines, StandardOpenOption.SYNC);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw Failures.of(file.toString(), e);
        }
    }

    /** Returns those of saved processes, by the pids that an image has. */
    static Map<Long, Integer> read(Path directory) throws StandpipeException {
        Path file = directory.resolve(FILE);
        Map<Long, Integer> pids = new HashMap<>();
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw new StandpipeException(file + ": expected a regular file of less than " + MOST_BYTES + " bytes");
            }
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                String[] words = line.split(" ");
                if (words.length != 2 || !words[0].matches("\\d{1,10}") || !words[1].matches("\\d{1,9}")) {
                    throw new StandpipeException(file + ", line " + number + ": expected two pids, found '" + line + "'");
                }
                pids.put(Long.parseLong(words[0]), Integer.parseInt(words[1]));
            }
        } catch (NoSuchFileException e) {
            throw new StandpipeException(file + ": there is no such file, which 'standpipe criu dump' writes", e);
        } catch (IOException e) {
            throw new StandpipeException(file + ": " + Reasons.of(e), e);
        }
        return pids;
    }
}
