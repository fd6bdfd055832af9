// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.standpipe.agent.StandpipeAgent;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code standpipe attach}. */
@Command(
        name = "attach",
        description = {
            "Loads the agent into a running JVM, which then saves its own pipes or restores them in place. No right to trace the"
                    + " process is needed, only to attach to it: the same user.",
            "Without --fd, a checkpoint saves what the application has named; if that is nothing, standard input, output and"
                    + " error as far as they are pipes.",
            "A JVM of version 21 or later prints a warning when an agent is loaded, unless it was started with"
                    + " -XX:+EnableDynamicAgentLoading."},
        footer = {"", "Examples:",
            "  standpipe attach 4711 list",
            "  standpipe attach 4711 checkpoint --fd 5,6 --output app.ckpt",
            "  standpipe attach 4711 restore --input app.ckpt"})
final class AttachCommand extends Subcommand {

    /** What the agent does in the JVM. */
    enum Verb { LIST, CHECKPOINT, RESTORE }

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
        Answer answer = load();
        if (answer.status() == ExitCode.DONE && verb == Verb.LIST) {
            out().println(answer.text());
        } else {
            message(answer.status() == ExitCode.DONE ? "process " + pid + " " + answer.text() : answer.text());
        }
        return answer.status();
    }

    private void checkUsage() {
        require(verb != Verb.CHECKPOINT || output != null, "checkpoint needs --output FILE");
        require(verb != Verb.RESTORE || input != null, "restore needs --input FILE");
        require(verb == Verb.CHECKPOINT || (output == null && fds.isEmpty()), "--output and --fd are for checkpoint");
        require(verb == Verb.RESTORE || input == null, "--input is for restore");
    }

    private String options() {
        return "verb=" + verb.name().toLowerCase(Locale.ROOT)
                + (output == null ? "" : ",output=" + encoded(output))
                + (input == null ? "" : ",input=" + encoded(input))
                + (fds.isEmpty() ? "" : ",fds=" + fds.stream().map(String::valueOf).collect(Collectors.joining("+")));
    }

    /** Returns the path as a value of the agent's options, absolute since the JVM may have another current directory. */
    private static String encoded(Path path) {
        return path.toAbsolutePath().normalize().toString().replace("%", "%25").replace(",", "%2C").replace("+", "%2B");
    }

    private Answer load() {
        try {
            return Loader.load(pid, jar(), options());
        } catch (IOException e) {
            return new Answer(ExitCode.FAILED, ExitCode.text(e));
        } catch (NoClassDefFoundError e) {
            String text = "this Java runtime has no module jdk.attach: run standpipe with the java of a JDK";
            return new Answer(ExitCode.UNAVAILABLE, text);
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

    /** What the agent has done, or why not, and the exit code for it. */
    private record Answer(int status, String text) {}

    /** A class of its own, since it needs the module jdk.attach, which a JDK has and a smaller Java runtime may lack. */
    private static final class Loader {

        /** Loads the agent, which carries out its options, and returns its answer. The option {@code answer} is added here. */
        static Answer load(int pid, String jar, String options) throws IOException {
            String id = UUID.randomUUID().toString();
            try {
                VirtualMachine jvm = VirtualMachine.attach(Integer.toString(pid));
                try {
                    jvm.loadAgent(jar, options + ",answer=" + id);
                    String answer = jvm.getSystemProperties().getProperty(StandpipeAgent.ANSWER_PROPERTY_PREFIX + id);
                    jvm.loadAgent(jar, "mxbean=false,forget=" + id);
                    return parsed(answer, pid);
                } finally {
                    jvm.detach();
                }
            } catch (AttachNotSupportedException | AgentLoadException e) {
                throw new IOException("process " + pid + ": no agent can be loaded, " + e.getMessage()
                        + " (is it a JVM, and started without -XX:+DisableAttachMechanism and"
                        + " -XX:-EnableDynamicAgentLoading?)", e);
            } catch (AgentInitializationException e) {
                throw new IOException("process " + pid + ": the agent did not start, " + e.getMessage(), e);
            } catch (IOException e) {
                throw new IOException("process " + pid + ": cannot attach, " + e.getMessage()
                        + " (is it a JVM of the same user, or are you root?)", e);
            }
        }

        private static Answer parsed(@Nullable String answer, int pid) {
            if (answer == null || answer.indexOf(':') < 0) {
                return new Answer(ExitCode.FAILED, "process " + pid
                        + ": the agent gave no answer; an older one may be loaded there, see the log of that JVM");
            }
            int colon = answer.indexOf(':');
            return new Answer(Integer.parseInt(answer.substring(0, colon)), answer.substring(colon + 1));
        }
    }
}
