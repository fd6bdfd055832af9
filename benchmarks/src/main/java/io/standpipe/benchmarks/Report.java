// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Makes a report in Markdown, with charts, of what the drivers and JMH have left behind as JSON. */
public final class Report {

    private static final String[] FILES = {
        "window.json", "images.json", "first.json", "inplace.json", "startup.json", "criu.json", "machine.json",
        "jmh.json"
    };

    private Report() {}

    /** Arguments: the folder with the results of all parts, and the folder for the report. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Report RESULTS REPORT");
            System.exit(2);
        }
        Path from = Path.of(arguments[0]);
        Path to = Files.createDirectories(Path.of(arguments[1]));
        Results window = Results.read(from.resolve("window.json"));
        Results images = Results.read(from.resolve("images.json"));
        Results criu = Results.read(from.resolve("criu.json"));
        List<Path> others = byOtherJdks(from);
        JmhResults jmh = JmhResults.read(from.resolve("jmh.json"), others);

        Markdown page = new Markdown();
        page.heading("Measured");
        page.paragraph("Made by `run.sh " + window.pass() + "`. A ratio is of the medians; \"pairs\" is the median of the"
                + " ratios of single rounds, in which all took one turn each. Speed is a floor's time by that of"
                + " Standpipe: 1 would be as fast as the system calls alone.");
        machine(page, window, jmh);
        new TargetTable(window, images, criu, jmh).write(page);
        new WindowSection(window).write(page, to);
        new ImageSection(images).write(page, to);
        new CriuSection(criu, from.resolve(BesideCriu.COMES_BACK)).write(page);
        new JvmSection(Results.read(from.resolve("first.json")), Results.read(from.resolve("inplace.json")))
                .write(page, to);
        jmh.write(page);
        new StartUpSection(Results.read(from.resolve("startup.json"))).write(page, to);
        Files.writeString(to.resolve("README.md"), page.toString());
        for (String file : FILES) {
            Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path comesBack = from.resolve(BesideCriu.COMES_BACK);
        if (Files.exists(comesBack)) {
            Files.copy(comesBack, to.resolve(BesideCriu.COMES_BACK), StandardCopyOption.REPLACE_EXISTING);
        }
        for (Path other : others) {
            Files.copy(other, to.resolve(other.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** JMH's results with other JDKs than the one in PATH. */
    private static List<Path> byOtherJdks(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("jmh-.*\\.json")).sorted().toList();
        }
    }

    private static void machine(Markdown page, Results results, JmhResults jmh) {
        page.item("time: " + results.machine("time"));
        page.item("kernel: " + results.machine("kernel") + ", " + results.machine("processors") + " processors ("
                + results.machine("processor") + "), " + results.machine("memory") + " of memory");
        page.item("JDK: " + results.machine("jdk") + ", JMH " + jmh.version());
        page.item("images: on " + results.machines("fileSystems"));
        page.item("limits: " + results.machine("descriptorLimit") + " descriptors, "
                + results.machine("pipeUserPagesSoft") + " pages of pipes for a user without privileges, "
                + results.machine("pipeMaxSizeBytes") + " bytes in a pipe");
        page.end();
    }
}
