// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Has a JVM load the agent. A class of its own, since it needs the module jdk.attach, which a smaller Java runtime may lack. */
final class AgentLoader {

    private static final int OLDEST = 17;

    /** How long the JDK waits for the JVM to open its socket, in milliseconds. */
    private static final String CONNECT_TIMEOUT = "sun.tools.attach.attachTimeout";

    private final int pid;
    private volatile boolean connected;

    /** @param pid of a process that is known to be a JVM */
    AgentLoader(int pid) {
        this.pid = pid;
    }

    /**
     * Has the JVM load the agent, which carries out its options, and waits until it has.
     *
     * @throws TimeoutException if that takes longer; it may still happen then
     */
    void load(String jar, String options, Duration timeout) throws IOException, TimeoutException {
        System.setProperty(CONNECT_TIMEOUT, Long.toString(timeout.toMillis()));
        FutureTask<@Nullable Void> loading = new FutureTask<>(() -> loadNow(jar, options));
        Thread thread = new Thread(loading, "attach");
        thread.setDaemon(true);
        thread.start();
        try {
            loading.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LinkageError missing) {
                throw missing; // Of a Java runtime without jdk.attach.
            }
            throw translated(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("process " + pid + ": interrupted while it loaded the agent", e);
        }
    }

    /** Returns whether the JVM took the connection: it has been asked to load the agent then. */
    boolean isConnected() {
        return connected;
    }

    private @Nullable Void loadNow(String jar, String options) throws Exception {
        VirtualMachine jvm = VirtualMachine.attach(Integer.toString(pid));
        try {
            checkVersion(jvm.getSystemProperties().getProperty("java.specification.version", "0"));
            connected = true;
            jvm.loadAgent(jar, options);
            return null;
        } finally {
            jvm.detach();
        }
    }

    private void checkVersion(String version) throws IOException {
        if (version.startsWith("1.") || Integer.parseInt(version) < OLDEST) {
            throw new IOException("it is of version " + version + ", Standpipe's agent needs " + OLDEST + " or later");
        }
    }

    private IOException translated(Throwable e) {
        String name = "process " + pid + ": ";
        if (e instanceof AgentLoadException) {
            return new IOException(name + "no agent can be loaded, " + e.getMessage()
                    + " (was the JVM started with -XX:-EnableDynamicAgentLoading?)", e);
        }
        if (e instanceof AgentInitializationException) {
            return new IOException(name + "the agent did not start, " + e.getMessage(), e);
        }
        return new IOException(name + "cannot attach, " + ExitCode.text(e)
                + " (is it a JVM of the same user, or are you root?)", e);
    }
}
