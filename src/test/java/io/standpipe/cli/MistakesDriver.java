// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs many commands in one JVM. Each is a line of a file, with tabs between its words; each result is a line of another. */
final class MistakesDriver {

    private MistakesDriver() {}

    /** @param args the file of commands, and the file of results: exit status, data and messages, with tabs between them */
    public static void main(String[] args) throws IOException {
        List<String> results = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int status = Main.of(line.isEmpty() ? new String[0] : line.split("\t", -1))
                    .run(new Output(new PrintWriter(out), new PrintWriter(err)));
            results.add(status + "\t" + oneLine(out) + "\t" + oneLine(err));
            Files.write(Path.of(args[1]), results);
        }
        System.exit(0);
    }

    private static String oneLine(StringWriter text) {
        return text.toString().replace("\t", "\\t").replace("\n", "\\n");
    }
}
