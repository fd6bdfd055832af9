// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.agent.AgentAnswer;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code standpipe attach}. */
@Command(
        name = "attach",
        description = {
            "Loads the agent into a running JVM, which then saves its own pipes or restores them in place. No right to trace the"
                    + " process is needed, only to attach to it: the same user.",
            "Without --fd, a checkpoint saves what the application has named; if that is nothing, standard input, output and"
                    + " error as far as they are pipes.",
            "A JVM of version 21 or later prints a warning when an agent is loaded, unless it was started with"
                    + " -XX:+EnableDynamicAgentLoading."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  standpipe attach 4711 list",
            "  standpipe attach 4711 checkpoint --fd 5,6 --output app.ckpt",
            "  standpipe attach 4711 restore --input app.ckpt"
        })
final class AttachCommand implements Callable<Integer> {

    /** What the agent does in the JVM. */
    enum Verb {
        LIST,
        CHECKPOINT,
        RESTORE
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PID", description = "The JVM's process.")
    private int pid;

    @Parameters(index = "1", paramLabel = "VERB", description = "list, checkpoint or restore.")
    private Verb verb;

    @Option(names = "--fd", split = ",", paramLabel = "N", description = "Save the pipes behind these descriptors.")
    private List<Integer> fds = List.of();

    @Option(names = "--output", paramLabel = "FILE", description = "The image to write, by the JVM's own user.")
    private @Nullable Path output;

    @Option(names = "--input", paramLabel = "FILE", description = "The image to restore from, in place.")
    private @Nullable Path input;

    @Override
    public Integer call() {
        checkUsage();
        AgentAnswer answer = load(options());
        if (answer.status() == ExitCode.DONE && verb == Verb.LIST) {
            spec.commandLine().getOut().println(answer.text());
        } else if (answer.status() == ExitCode.DONE) {
            spec.commandLine().getErr().println("standpipe: process " + pid + " " + answer.text());
            spec.commandLine().getErr().flush();
        } else {
            ExitCode.printMessage(spec.commandLine().getErr(), answer.text());
        }
        return answer.status();
    }

    private void checkUsage() {
        if (verb == Verb.CHECKPOINT && output == null) {
            throw new ParameterException(spec.commandLine(), "checkpoint needs --output FILE");
        }
        if (verb == Verb.RESTORE && input == null) {
            throw new ParameterException(spec.commandLine(), "restore needs --input FILE");
        }
        if (verb != Verb.CHECKPOINT && (output != null || !fds.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "--output and --fd are for checkpoint");
        }
        if (verb != Verb.RESTORE && input != null) {
            throw new ParameterException(spec.commandLine(), "--input is for restore");
        }
    }

    private String options() {
        StringBuilder options = new StringBuilder("verb=" + verb.name().toLowerCase(Locale.ROOT));
        if (output != null) {
            options.append(",output=").append(encoded(output));
        }
        if (input != null) {
            options.append(",input=").append(encoded(input));
        }
        if (!fds.isEmpty()) {
            options.append(",fds=")
                    .append(fds.stream().map(String::valueOf).collect(Collectors.joining("+")));
        }
        return options.toString();
    }

    /** Returns the path as a value of the agent's options, absolute since the JVM may have another current directory. */
    private static String encoded(Path path) {
        return path.toAbsolutePath()
                .normalize()
                .toString()
                .replace("%", "%25")
                .replace(",", "%2C")
                .replace("+", "%2B");
    }

    private AgentAnswer load(String options) {
        try {
            return AgentLoader.load(pid, jar(), options);
        } catch (IOException e) {
            return new AgentAnswer(ExitCode.FAILED, ExitCode.text(e));
        } catch (NoClassDefFoundError e) {
            return new AgentAnswer(
                    ExitCode.UNAVAILABLE,
                    "this Java runtime has no module jdk.attach: run standpipe with the java of a JDK");
        }
    }

    /** Returns the jar that this class is in: the agent is in the same one. */
    private static String jar() throws IOException {
        try {
            Path jar = Path.of(AttachCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isRegularFile(jar)) {
                return jar.toString();
            }
            throw new IOException("the agent is no jar but " + jar + ": run standpipe.jar");
        } catch (URISyntaxException e) {
            throw new IOException("cannot tell which jar the agent is in: " + e, e);
        }
    }
}
