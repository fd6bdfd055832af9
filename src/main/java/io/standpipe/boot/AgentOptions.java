// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The agent's options, {@code key=value,...}. In a value, a comma, a plus and a percent sign are written as in a URL:
 * {@code %2C}, {@code %2B} and {@code %25}. An option that is not given is empty.
 *
 * @param mxbean whether to register the MXBean: true or false; by default, where the agent is there from the start
 * @param verb what to do at once in a JVM that is already running: checkpoint, restore, list or forget
 * @param output path of the image to write
 * @param input path of the image to restore from
 * @param fds the fds to save, separated by commas here and by + in the options; empty for the pipes that are named
 * @param answer path of the file to make for the answer
 * @param until the time, in milliseconds since 1970, after which the verb must not be begun: nobody waits for it any more
 * @param library path of the native library, for the agent's copy of Standpipe alone
 * @param agent path of the agent's jar, for {@link AgentEntry}
 */
record AgentOptions(
        String mxbean, String verb, String output, String input, String fds, String answer, String until, String library,
        String agent) {

    /** Path of a file with the options, in UTF-8: what is given to a JVM when it loads an agent is short, and in the JVM's encoding. */
    private static final String FROM = "from";

    private static final List<String> KEYS =
            List.of("mxbean", "verb", "output", "input", "fds", "answer", "until", "library", "agent", FROM);

    /**
     * @throws IllegalArgumentException if a key is not known, or has no value
     * @throws IOException if a file with options cannot be read
     */
    static AgentOptions parse(String options) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String option : options.isBlank() ? new String[0] : options.split(",")) {
            int equals = option.indexOf('=');
            String key = equals < 0 ? option.trim() : option.substring(0, equals).trim();
            if (equals < 0 || !KEYS.contains(key)) {
                throw new IllegalArgumentException(
                        "agent option \"" + option + "\" is not known, expected key=value with one of " + KEYS);
            }
            values.put(key, decoded(option, option.substring(equals + 1)));
        }
        String from = values.get(FROM);
        if (from != null) {
            return parse(Files.readString(Path.of(from)));
        }
        String mxbean = values.getOrDefault("mxbean", "");
        if (!List.of("", "true", "false").contains(mxbean)) {
            throw new IllegalArgumentException("agent option mxbean is \"" + mxbean + "\", expected true or false");
        }
        return new AgentOptions(
                mxbean, values.getOrDefault("verb", ""), values.getOrDefault("output", ""), values.getOrDefault("input", ""),
                values.getOrDefault("fds", "").replace('+', ','), values.getOrDefault("answer", ""),
                values.getOrDefault("until", ""), values.getOrDefault("library", ""), values.getOrDefault("agent", ""));
    }

    private static String decoded(String option, String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "agent option \"" + option + "\" has a percent sign that is none of %2C, %2B and %25", e);
        }
    }

    boolean isTooLate() {
        return !until.isEmpty() && System.currentTimeMillis() > Long.parseLong(until);
    }
}
