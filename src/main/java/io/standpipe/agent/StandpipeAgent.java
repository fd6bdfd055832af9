// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * The agent's entry point, for {@code -javaagent:standpipe.jar[=key=value,...]} and for loading into a running JVM. The agent
 * registers the {@link StandpipeMXBean} and does nothing else until the bean is called: it starts no thread, opens no file,
 * prints nothing, and loads the native library at the first call. Loading the agent twice has the effect of loading it once.
 * No failure here keeps the application from running; failures are logged with {@link System.Logger}. Safe for use by several
 * threads.
 */
public final class StandpipeAgent {

    private StandpipeAgent() {}

    /** Called by the JVM before the application's main. */
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        start(options, false);
    }

    /** Called by the JVM when the agent is loaded while the application runs. */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
        start(options, true);
    }

    private static void start(@Nullable String text, boolean running) {
        try {
            AgentOptions options = AgentOptions.parse(text);
            if (options.mxbean()) {
                StandpipeManagement.register();
            }
            if (!options.forget().isEmpty()) {
                System.clearProperty(AgentAnswer.property(options.forget()));
            }
            if (!options.verb().isEmpty()) {
                carryOut(options, running);
            }
        } catch (Exception | LinkageError e) {
            log(e);
        }
    }

    private static void carryOut(AgentOptions options, boolean running) {
        if (!running) {
            throw new IllegalArgumentException(
                    "agent option verb is for a JVM that is running, where the agent is loaded later");
        }
        AgentAnswer answer = AgentAnswer.to(options);
        if (options.answer().isEmpty()) {
            System.getLogger(StandpipeAgent.class.getName())
                    .log(answer.isDone() ? System.Logger.Level.INFO : System.Logger.Level.WARNING, answer.text());
        } else {
            System.setProperty(AgentAnswer.property(options.answer()), answer.toString());
        }
    }

    private static void log(Throwable e) {
        try {
            System.getLogger(StandpipeAgent.class.getName())
                    .log(System.Logger.Level.WARNING, "the Standpipe agent does nothing: " + e.getMessage(), e);
        } catch (RuntimeException | LinkageError none) {
            // The application must run even if its logging is broken.
            return;
        }
    }
}
