// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.standpipe.agent.AgentAnswer;
import java.io.IOException;
import java.util.UUID;

/**
 * Loads the agent into another JVM and fetches the agent's answer. A class of its own since it needs the module jdk.attach,
 * which a JDK has and a smaller Java runtime may lack.
 */
final class AgentLoader {

    private AgentLoader() {}

    /**
     * Loads the agent, which carries out its options, and waits until that is done.
     *
     * @param jar path of the agent's jar
     * @param options the agent's options without {@code answer}, which is added here
     * @throws IOException if the agent cannot be loaded; the message names the process and the cause
     */
    static AgentAnswer load(int pid, String jar, String options) throws IOException {
        String id = UUID.randomUUID().toString();
        try {
            VirtualMachine jvm = VirtualMachine.attach(Integer.toString(pid));
            try {
                jvm.loadAgent(jar, options + ",answer=" + id);
                AgentAnswer answer = AgentAnswer.parse(jvm.getSystemProperties().getProperty(AgentAnswer.property(id)));
                jvm.loadAgent(jar, "mxbean=false,forget=" + id);
                return answer != null
                        ? answer
                        : new AgentAnswer(ExitCode.FAILED, "process " + pid
                                + ": the agent gave no answer; an older one may be loaded there, see the log of that JVM");
            } finally {
                jvm.detach();
            }
        } catch (AttachNotSupportedException | AgentLoadException e) {
            throw new IOException("process " + pid + ": no agent can be loaded, " + e.getMessage()
                    + " (is it a JVM, and started without -XX:+DisableAttachMechanism and -XX:-EnableDynamicAgentLoading?)", e);
        } catch (AgentInitializationException e) {
            throw new IOException("process " + pid + ": the agent did not start, " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("process " + pid + ": cannot attach, " + e.getMessage()
                    + " (is it a JVM of the same user, or are you root?)", e);
        }
    }
}
