// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.UnavailableException;
import io.standpipe.cli.options.NumberKind;
import io.standpipe.cli.options.PathKind;
import io.standpipe.cli.options.Value;
import io.standpipe.cli.options.WordKind;
import io.standpipe.internal.proc.JvmProcess;
import io.standpipe.internal.proc.ProcessRoot;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code standpipe attach}. */
final class AttachCommand extends Subcommand {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
    private static final WordKind<Verb> VERBS = new WordKind<>(Verb.values());

    /** What the agent does in the JVM. */
    enum Verb { LIST, CHECKPOINT, RESTORE, FORGET }

    private final Value<Integer> pid = syntax.operand("PID", NumberKind.PID, "The JVM's process.").required();

    private final Value<Verb> verb = syntax.operand("VERB", VERBS, "list, checkpoint, restore or forget.").required();

    private final Value<Integer> fds =
            syntax.option("--fd", "N", NumberKind.ANY, "Save the pipes behind these descriptors.").list();

    private final Value<Path> output = syntax.option(
            "--output", "FILE", PathKind.FILE, "The image to write, by the JVM's own user; for a JVM in a container, by you.");

    private final Value<Path> input =
            syntax.option("--input", "FILE", PathKind.FILE, "The image to restore from, in place.");

    private final Value<Path> library = syntax.option(
            "--library", "LIBRARY", PathKind.FILE,
            "The native library that the agent is to load, as the JVM sees the file, where it cannot load its own.");

    private final Value<Duration> timeout = syntax.option(
            "--timeout", "TIME", new TimeKind(), "How long to wait for the JVM's answer (default: 10s).");

    AttachCommand() {
        super(
                "standpipe attach",
                "Loads the agent into a running JVM, which then saves its own pipes or restores them in place. No right to trace the"
                        + " process is needed, only to attach to it: the same user.",
                "Of the application's classes none is touched, and none of Standpipe's is seen by it. After list nothing of Standpipe stays;"
                        + " after a checkpoint the agent stays, for a restore in place, until forget.",
                "A process that is no JVM, and a JVM that cannot be attached to, gets no signal. Nor does one that could not print the warning that a JVM"
                        + " of version 21 or later prints when an agent is loaded, since its standard output or error is a full pipe or a stopped terminal.",
                "Without --fd, a checkpoint saves what the application has named; if that is nothing, standard input, output and"
                        + " error as far as they are pipes.",
                "A JVM of version 21 or later prints a warning when an agent is loaded, unless it was started with"
                        + " -XX:+EnableDynamicAgentLoading.");
        syntax.examples(
                "standpipe attach 4711 list",
                "standpipe attach 4711 checkpoint --fd 5,6 --output app.ckpt",
                "standpipe attach 4711 restore --input app.ckpt");
    }

    @Override
    int run() throws StandpipeException {
        checkUsage();
        Answer answer = ask();
        if (answer.status() == ExitCode.DONE && verb.get() == Verb.LIST) {
            out().println(answer.text());
        } else if (answer.status() == ExitCode.DONE) {
            note("process " + pid.get() + " " + answer.text());
        } else {
            output().failure(answer.text());
        }
        return answer.status();
    }

    private void checkUsage() {
        require(verb.get() != Verb.CHECKPOINT || output.isGiven(), "checkpoint needs --output FILE");
        require(verb.get() != Verb.RESTORE || input.isGiven(), "restore needs --input FILE");
        require(verb.get() == Verb.CHECKPOINT || (!output.isGiven() && !fds.isGiven()), "--output and --fd are for checkpoint");
        require(verb.get() == Verb.RESTORE || !input.isGiven(), "--input is for restore");
        require(!output.isGiven() || !isStream(output.get()), "--output -: the JVM writes the image, to a file; name one");
        require(!input.isGiven() || !isStream(input.get()), "--input -: the JVM reads the image, from a file; name one");
        require(!time().isZero(), "--timeout: expected more than 0, since the JVM is to answer in that time");
    }

    private Duration time() {
        return timeout.orElse(USUAL_TIMEOUT);
    }

    private String options(AgentPlace place, @Nullable ImageTransfer image) {
        return "verb=" + verb.get().name().toLowerCase(Locale.ROOT)
                + (image == null ? "" : (output.isGiven() ? ",output=" : ",input=") + encoded(Path.of(image.inside())))
                + (library.isGiven() ? ",library=" + encoded(library.get()) : "")
                + (!fds.isGiven() ? "" : ",fds=" + fds.all().stream().map(String::valueOf).collect(Collectors.joining("+")))
                + ",until=" + (System.currentTimeMillis() + time().toMillis())
                + ",answer=" + place.answer();
    }

    /**
     * Returns the path as a value of the agent's options, of ASCII characters that stand for nothing else there; absolute, since the JVM
     * may have another current directory.
     */
    private static String encoded(Path path) {
        return URLEncoder.encode(path.toAbsolutePath().normalize().toString(), StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    }

    /** What the agent has done, or why not, and the exit code for it. */
    private record Answer(int status, String text) {}

    private Answer ask() throws StandpipeException {
        JvmProcess jvm = JvmProcess.of(pid.get());
        FullStreams.check(jvm);
        ProcessRoot root = root();
        Deadline deadline = Deadline.in(time());
        for (String parent : AgentPlace.PARENTS) {
            try {
                // The JVM would never unmap a library that it could not load.
                Answer answer = root.allowsExecution(parent) ? ask(root, parent, deadline) : null;
                if (answer != null) {
                    return answer;
                }
            } catch (AgentPlace.RefusedException e) {
                if (parent.equals(AgentPlace.PARENTS.get(0))) {
                    throw e; // The JVM needs that directory itself. It may lack the others.
                }
            } catch (TimeoutException e) {
                return new Answer(ExitCode.FAILED, "process " + pid.get() + ": nothing was sent to it, another attach to it is at work"
                        + ", or has given up less than " + AgentPlace.OWN_OLD_MILLIS / 1_000 + " s ago; try again, or with a longer --timeout");
            }
        }
        throw new UnavailableException("process " + pid.get() + ": it can load no agent from any of " + AgentPlace.PARENTS
                + ", which are mounted noexec if it has them; mount one of them otherwise, or start it with -javaagent:standpipe-agent.jar");
    }

    /** Returns null if nothing may be executed from the directory. */
    private @Nullable Answer ask(ProcessRoot root, String parent, Deadline deadline) throws StandpipeException, TimeoutException {
        AgentLoader loader = new AgentLoader(root);
        AgentPlace place = AgentPlace.in(root, parent, deadline);
        boolean late = false;
        try (ImageTransfer image = output.isGiven() ? ImageTransfer.out(root, place, output.get())
                : input.isGiven() ? ImageTransfer.in(root, place, input.get()) : null) {
            String options = place.entry() + ",agent=" + place.jar() + ",from=" + place.options(options(place, image));
            if (!loader.load(place.library(), options, deadline)) {
                return null;
            }
            Answer answer = parsed(place.readAnswer());
            if (image == null) {
                return answer;
            }
            if (answer.status() == ExitCode.DONE) {
                image.finish();
            }
            return new Answer(answer.status(), image.translate(answer.text()));
        } catch (TimeoutException e) {
            late = loader.isAsked();
            return new Answer(ExitCode.FAILED, lateText(late ? place.leave() : null));
        } catch (UnavailableException e) {
            throw e;
        } catch (IOException e) {
            return new Answer(ExitCode.FAILED, ExitCode.text(e));
        } finally {
            if (!late) {
                place.close();
            }
        }
    }

    private ProcessRoot root() throws StandpipeException {
        try {
            return ProcessRoot.of(pid.get());
        } catch (IOException e) {
            throw new StandpipeException("process " + pid.get() + ": cannot look at its file system, " + ExitCode.text(e), e);
        }
    }

    private String lateText(@Nullable String left) {
        String text = "process " + pid.get() + ": no answer within " + time().toMillis() + " ms; ";
        return left == null
                ? text + "it has not answered to the signal for attaching, and may be very busy or in a long pause; it opens its socket when it goes on"
                : text + "it was asked to load the agent, which does nothing after this time if it has not begun by then; left in its"
                        + " file system, since it may still open that: " + left;
    }

    private Answer parsed(@Nullable String answer) {
        if (answer == null || answer.indexOf(':') < 0) {
            return new Answer(ExitCode.FAILED, "process " + pid.get() + ": the agent gave no answer, see the log of that JVM");
        }
        int colon = answer.indexOf(':');
        return new Answer(Integer.parseInt(answer.substring(0, colon)), answer.substring(colon + 1));
    }
}
