// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The agent's entry point, for {@code -javaagent:standpipe.jar[=key=value,...]} and for loading into a running JVM. The agent
 * registers the {@link StandpipeMXBean} and does nothing else until the bean is called: it starts no thread, opens no file,
 * prints nothing, and loads the native library at the first call. Loading the agent twice has the effect of loading it once.
 * No failure here keeps the application from running; failures are logged with {@link System.Logger}. Safe for use by several
 * threads.
 */
public final class StandpipeAgent {

    /**
     * What the name of a system property begins with that holds an answer, and ends with the id of the agent option
     * {@code answer}. The property's value is a number (0 done, 1 failed, 2 wrong usage), a colon, and what was done or why
     * nothing was done. Loading an agent returns nothing: whoever has loaded it reads the property instead.
     */
    public static final String ANSWER_PROPERTY_PREFIX = "io.standpipe.answer.";

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
            Options options = Options.parse(text);
            if (options.mxbean()) {
                StandpipeManagement.register();
            }
            if (!options.forget().isEmpty()) {
                System.clearProperty(ANSWER_PROPERTY_PREFIX + options.forget());
            }
            if (!options.verb().isEmpty()) {
                carryOut(options, running);
            }
        } catch (Exception | LinkageError e) {
            log(e);
        }
    }

    private static void carryOut(Options options, boolean running) {
        if (!running) {
            throw new IllegalArgumentException("agent option verb is for a JVM that is running, where the agent is loaded later");
        }
        Answer answer = Answer.to(options);
        if (options.answer().isEmpty()) {
            System.getLogger(StandpipeAgent.class.getName())
                    .log(answer.status() == 0 ? System.Logger.Level.INFO : System.Logger.Level.WARNING, answer.text());
        } else {
            System.setProperty(ANSWER_PROPERTY_PREFIX + options.answer(), answer.status() + ":" + answer.text());
        }
    }

    private record Answer(int status, String text) {

        /** Carries out the options' verb; every failure becomes an answer. */
        static Answer to(Options options) {
            try {
                return new Answer(0, StandpipeManagement.shared().carryOut(options));
            } catch (IOException | IllegalArgumentException e) {
                return new Answer(e instanceof IOException ? 1 : 2, Objects.requireNonNullElse(e.getMessage(), e.toString()));
            } catch (RuntimeException | LinkageError e) {
                return new Answer(1, e.toString());
            }
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

    /**
     * The agent's options, {@code key=value,...}. In a value, a comma, a plus and a percent sign are written as in a URL:
     * {@code %2C}, {@code %2B} and {@code %25}. An option that is not given is empty.
     *
     * @param mxbean whether to register the MXBean
     * @param verb what to do at once in a JVM that is already running: checkpoint, restore or list
     * @param output path of the image to write
     * @param input path of the image to restore from
     * @param fds the fds to save, separated by commas here and by + in the options; empty for the pipes named to
     *     {@link StandpipeManagement}
     * @param answer id of the answer's system property
     * @param forget id of an answer's system property that is to be cleared
     */
    record Options(boolean mxbean, String verb, String output, String input, String fds, String answer, String forget) {

        private static final List<String> KEYS = List.of("mxbean", "verb", "output", "input", "fds", "answer", "forget");

        /** @throws IllegalArgumentException if a key is not known, or has no value */
        static Options parse(@Nullable String options) {
            Map<String, String> values = new LinkedHashMap<>();
            for (String option : options == null || options.isBlank() ? new String[0] : options.split(",")) {
                int equals = option.indexOf('=');
                String key = equals < 0 ? option.trim() : option.substring(0, equals).trim();
                if (equals < 0 || !KEYS.contains(key)) {
                    throw new IllegalArgumentException(
                            "agent option \"" + option + "\" is not known, expected key=value with one of " + KEYS);
                }
                values.put(key, decoded(option, option.substring(equals + 1)));
            }
            String mxbean = values.getOrDefault("mxbean", "true");
            if (!mxbean.equals("true") && !mxbean.equals("false")) {
                throw new IllegalArgumentException("agent option mxbean is \"" + mxbean + "\", expected true or false");
            }
            return new Options(
                    mxbean.equals("true"), values.getOrDefault("verb", ""), values.getOrDefault("output", ""),
                    values.getOrDefault("input", ""), values.getOrDefault("fds", "").replace('+', ','),
                    values.getOrDefault("answer", ""), values.getOrDefault("forget", ""));
        }

        private static String decoded(String option, String value) {
            try {
                return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "agent option \"" + option + "\" has a percent sign that is none of %2C, %2B and %25", e);
            }
        }
    }
}
