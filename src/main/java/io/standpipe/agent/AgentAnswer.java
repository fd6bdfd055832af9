// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.io.IOException;

/**
 * What the agent did for somebody who loaded it: loading an agent gives back nothing, but system properties can be asked for.
 *
 * @param status 0 done, 1 failed, 2 wrong usage
 * @param text what was done, or why not
 */
public record AgentAnswer(int status, String text) {

    private static final String PREFIX = "io.standpipe.answer.";

    /** The system property that an answer is left in. */
    public static String property(String id) {
        return PREFIX + id;
    }

    /** Reads an answer; null if there is none. */
    public static AgentAnswer parse(String answer) {
        int colon = answer == null ? -1 : answer.indexOf(':');
        return colon < 0 ? null : new AgentAnswer(Integer.parseInt(answer.substring(0, colon)), answer.substring(colon + 1));
    }

    static AgentAnswer to(AgentOptions options) {
        try {
            return new AgentAnswer(0, StandpipeManagement.shared().carryOut(options));
        } catch (IllegalArgumentException e) {
            return new AgentAnswer(2, e.getMessage());
        } catch (IOException e) {
            return new AgentAnswer(1, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            return new AgentAnswer(1, e.toString());
        }
    }

    boolean isDone() {
        return status == 0;
    }

    @Override
    public String toString() {
        return status + ":" + text;
    }
}
