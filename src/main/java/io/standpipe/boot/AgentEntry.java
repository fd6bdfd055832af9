// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.security.CodeSource;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The agent's entry: the one class of Standpipe's that the application can see. With {@code -javaagent} it is on the class path; in a
 * JVM that runs already the native library's {@code Agent_OnAttach} has defined it in the platform's class loader, and nothing is on the class
 * path. It is the class loader of all the rest, which lies in the agent's jar where no other class loader finds it, and whose
 * parent is the platform's loader: neither the application's libraries nor Standpipe's are seen by the other.
 *
 * <p>The jar is read into memory and closed. Nothing here keeps the application from running.
 */
public final class AgentEntry extends ClassLoader {

    private static final String ROOT = "META-INF/standpipe/";
    private static final String MAIN = "io.standpipe.boot.AgentMain";

    /** The agent takes 2 to 3 MB; an application that lives at its limit must not be ended by that. */
    private static final long NEEDED_BYTES = 8L << 20;

    private static final int LITTLE_HEAP = 3;

    /** It would refuse the agent this or that, and say so in the application's output. */
    private static final int SECURITY_MANAGER = 4;

    /** The option that names the jar to read, in place of the one that this class is in. */
    private static final String JAR_OPTION = "agent=";

    /** The agent, for as long as it holds something; without it, its classes can be collected. */
    private static @Nullable AgentEntry kept;

    private final Map<String, byte[]> files;

    private AgentEntry(Map<String, byte[]> files) {
        super("standpipe", ClassLoader.getPlatformClassLoader());
        this.files = files;
    }

    /** Called by the JVM before the application's main. */
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        startOrLog(options == null ? "" : options, false);
    }

    /** Called by the JVM when the jar is loaded as an agent while the application runs, as by another program than ours. */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
        startOrLog(options == null ? "" : options, true);
    }

    private static void startOrLog(String options, boolean running) {
        try {
            start(options, running);
        } catch (Exception | LinkageError e) {
            System.getLogger(AgentEntry.class.getName())
                    .log(System.Logger.Level.WARNING, "the Standpipe agent does nothing: " + e, e);
        }
    }

    /**
     * Called by the native library when that is loaded as an agent while the application runs.
     *
     * @return 0, or why nothing was done: {@link #LITTLE_HEAP}, {@link #SECURITY_MANAGER}
     * @throws Exception if the agent did not start; the native library says so to the one who attaches, and nothing is logged
     */
    @SuppressWarnings("removal") // There may be one as long as there is this method.
    public static int attached(String options) throws Exception {
        Runtime runtime = Runtime.getRuntime();
        if (runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory()) < NEEDED_BYTES) {
            return LITTLE_HEAP;
        }
        if (System.getSecurityManager() != null) {
            return SECURITY_MANAGER;
        }
        start(options, true);
        return 0;
    }

    private static synchronized void start(String options, boolean running) throws Exception {
        AgentEntry agent = kept != null ? kept : new AgentEntry(files(jar(options)));
        Object stays = agent.loadClass(MAIN).getMethod("start", String.class, boolean.class).invoke(null, options, running);
        kept = Boolean.TRUE.equals(stays) ? agent : null;
    }

    private static String jar(String options) throws Exception {
        for (String option : options.split(",")) {
            if (option.startsWith(JAR_OPTION)) {
                return option.substring(JAR_OPTION.length());
            }
        }
        CodeSource source = AgentEntry.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalArgumentException("agent option agent=FILE is needed, the agent's jar, since this class is in none");
        }
        return source.getLocation().toURI().getPath();
    }

    private static Map<String, byte[]> files(String jar) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (ZipFile zip = new ZipFile(jar)) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().startsWith(ROOT) && !entry.isDirectory()) {
                    files.put(entry.getName().substring(ROOT.length()), zip.getInputStream(entry).readAllBytes());
                }
            }
        }
        return files;
    }

    /** Defines a class, whose bytes are not needed again. */
    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes;
        synchronized (files) {
            bytes = files.remove(name.replace('.', '/') + ".class");
        }
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        byte[] bytes;
        synchronized (files) {
            bytes = files.get(name);
        }
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }
}
