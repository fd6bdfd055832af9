// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import io.standpipe.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a command takes from its start to its end, and its peak memory, beside a Hello World in the same JVM with the same options
 * and, where CRIU does the like, beside CRIU.
 */
public final class StartUp {

    static final String COMMAND = "command";

    private final Launcher launcher;
    private final Scratch images;
    private final Comparisons comparisons;
    private final Command hello;

    private StartUp(Launcher launcher, Scratch tools, Scratch images, Comparisons comparisons) throws IOException {
        this.launcher = launcher;
        this.images = images;
        this.comparisons = comparisons;
        hello = launcher.hello(tools);
    }

    /** Arguments: quick or full, the file of the results, a directory, and distributions or runnable jars. */
    public static void main(String[] arguments) throws IOException {
        Comparisons comparisons = new Comparisons(Path.of(arguments[1]), arguments[0]);
        Path directory = Path.of(arguments[2]);
        for (String home : List.of(arguments).subList(3, arguments.length)) {
            try (Scratch tools = new Scratch(directory); Scratch images = new Scratch(directory);
                    PipeHolder holder = new PipeHolder("hold-on", "1x4KiB")) {
                Path image = tools.file("startup.ckpt");
                Checkpoint.ofProcess(holder.pid()).writeTo(image);
                new StartUp(Launcher.of(Path.of(home)), tools, images, comparisons).compare(image, holder.pid());
            } catch (IOException e) {
                comparisons.skip(home, e);
            }
        }
        comparisons.write();
    }

    private void compare(Path image, long pid) throws IOException {
        List<Command> criuCheck = new ArrayList<>();
        List<Command> criuDump = new ArrayList<>();
        try {
            Criu criu = Criu.find();
            criuCheck.add(new Command(criu.name(), criu.check()));
            criuDump.add(new Command(criu.name(), criu.dump(pid, images.directory())));
        } catch (IOException e) {
            comparisons.skip("CRIU", e);
        }
        compare("show IMAGE", List.of(), "show", image.toString());
        compare("check", criuCheck, "check");
        compare("list --pid PID", List.of(), "list", "--pid", Long.toString(pid));
        compare("checkpoint of one pipe", criuDump, "checkpoint", "--pid", Long.toString(pid), "--output", images.file("one.ckpt").toString());
    }

    private void compare(String what, List<Command> others, String... arguments) throws IOException {
        List<Contender> contenders = new ArrayList<>(List.of(hello, launcher.contender(arguments)));
        contenders.addAll(others);
        comparisons.compare(COMMAND, what, launcher.name(), contenders.stream().map(each -> each.after(images::clear)).toList());
    }
}
