// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import io.standpipe.HostCheck;
import io.standpipe.agent.StandpipeManagement;
import io.standpipe.internal.observe.AgentLog;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The agent, in a class loader of its own. It starts no thread, prints nothing, keeps no file open, and loads the native library
 * when it is first needed. No failure here keeps the application from running; failures go to the one who asked, or to
 * {@link System.Logger}.
 */
public final class AgentMain {

    private AgentMain() {}

    /**
     * Does what the options say. Called by {@link AgentEntry}, one call at a time.
     *
     * @param running whether the application runs already
     * @return whether the agent has to stay: it has registered its MXBean, or knows how to restore an image in place
     */
    public static boolean start(String text, boolean running) {
        StandpipeManagement own = StandpipeManagement.shared();
        try {
            AgentOptions options = AgentOptions.parse(text);
            if (options.isTooLate()) {
                return own.isHolding();
            }
            if (!options.library().isEmpty()) {
                HostCheck.useLibrary(Path.of(options.library()));
            }
            if (running ? options.mxbean().equals("true") : !options.mxbean().equals("false")) {
                StandpipeManagement.register();
            }
            if (!options.verb().isEmpty()) {
                if (!running) {
                    throw new IllegalArgumentException(
                            "agent option verb is for a JVM that is running, where the agent is loaded later");
                }
                if (options.answer().isEmpty()) {
                    throw new IllegalArgumentException("agent option verb needs answer=FILE: where the answer is to go");
                }
                give(answer(options), options);
            }
        } catch (Exception | LinkageError e) {
            AgentLog.failed("the Standpipe agent does nothing: " + e.getMessage());
        }
        return own.isHolding();
    }

    /** @param status an exit status of the command: 0 done, 1 failed, 2 wrong usage, 3 an image that is refused, 4 not allowed */
    private record Answer(int status, String text) {}

    /** Carries out the options' verb; every failure becomes an answer. */
    private static Answer answer(AgentOptions options) {
        try {
            return new Answer(0, new AgentVerbs().carryOut(options));
        } catch (IOException | IllegalArgumentException e) {
            return new Answer(e instanceof IOException failed ? status(failed) : 2, Objects.requireNonNullElse(e.getMessage(), e.toString()));
        } catch (RuntimeException | LinkageError e) {
            return new Answer(1, e.toString());
        }
    }

    private static int status(IOException e) {
        return e.getCause() instanceof UnsupportedOperationException ? 4 : e.getCause() instanceof StreamCorruptedException ? 3 : 1;
    }

    private static void give(Answer answer, AgentOptions options) {
        try {
            Files.write(
                    Path.of(options.answer()), (answer.status() + ":" + answer.text()).getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            System.getLogger(AgentMain.class.getName())
                    .log(System.Logger.Level.DEBUG, "nobody waits for the answer any more: " + answer.text(), e);
        }
    }
}
