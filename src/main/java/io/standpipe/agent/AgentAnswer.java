// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the agent did for the process that loaded it. Loading an agent returns nothing; the loading process reads the answer
 * from a system property instead.
 *
 * @param status 0 done, 1 failed, 2 wrong usage
 * @param text what was done, or why nothing was done
 */
public record AgentAnswer(int status, String text) {

    private static final String PREFIX = "io.standpipe.answer.";

    /** Returns the name of the system property that holds the answer. */
    public static String property(String id) {
        return PREFIX + id;
    }

    /**
     * Parses the value of the system property.
     *
     * @param answer null if the property is not set
     * @return null if there is no answer
     */
    public static @Nullable AgentAnswer parse(@Nullable String answer) {
        if (answer == null || answer.indexOf(':') < 0) {
            return null;
        }
        int colon = answer.indexOf(':');
        return new AgentAnswer(Integer.parseInt(answer.substring(0, colon)), answer.substring(colon + 1));
    }

    /** Carries out the options' verb; every failure becomes an answer. */
    static AgentAnswer to(StandpipeAgent.Options options) {
        try {
            return new AgentAnswer(0, StandpipeManagement.shared().carryOut(options));
        } catch (IllegalArgumentException e) {
            return new AgentAnswer(2, message(e));
        } catch (IOException e) {
            return new AgentAnswer(1, message(e));
        } catch (RuntimeException | LinkageError e) {
            return new AgentAnswer(1, e.toString());
        }
    }

    private static String message(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    boolean isDone() {
        return status == 0;
    }

    /** Returns the value of the system property, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return status + ":" + text;
    }
}
