// SPDX-License-Identifier: Apache-2.0
package io.standpipe.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The agent's entry, for {@code -javaagent} and for loading into a running JVM: the one class that the JVM adds to the application's
 * class path. It is the class loader of all the rest, which lies in the agent's jar where no other class loader finds it, and whose
 * parent is the platform's loader: neither the application's libraries nor Standpipe's are seen by the other.
 *
 * <p>The jar is read into memory and closed. Nothing here keeps the application from running.
 */
public final class AgentEntry extends ClassLoader {

    private static final String ROOT = "META-INF/standpipe/";
    private static final String MAIN = "io.standpipe.boot.AgentMain";

    /** The option that names the jar to read: the JVM knows this class by the first jar that had it. */
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
        start(options == null ? "" : options, false);
    }

    /** Called by the JVM when the agent is loaded while the application runs. */
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
        start(options == null ? "" : options, true);
    }

    private static synchronized void start(String options, boolean running) {
        try {
            AgentEntry agent = kept != null ? kept : new AgentEntry(files(jar(options)));
            Object stays = agent.loadClass(MAIN).getMethod("start", String.class, boolean.class).invoke(null, options, running);
            kept = Boolean.TRUE.equals(stays) ? agent : null;
        } catch (Exception | LinkageError e) {
            System.getLogger(AgentEntry.class.getName())
                    .log(System.Logger.Level.WARNING, "the Standpipe agent does nothing: " + e, e);
        }
    }

    private static String jar(String options) throws Exception {
        for (String option : options.split(",")) {
            if (option.startsWith(JAR_OPTION)) {
                return option.substring(JAR_OPTION.length());
            }
        }
        return AgentEntry.class.getProtectionDomain().getCodeSource().getLocation().toURI().getPath();
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
