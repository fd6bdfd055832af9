// SPDX-License-Identifier: Apache-2.0
package io.standpipe.agent;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Collections;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** An application without a reference to Standpipe: has a pipe, and carries out the commands on its standard input. */
final class AgentHost {

    private static final String[] FILE_SIGNATURE = {"java.lang.String"};

    private AgentHost() {}

    public static void main(String[] args) throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap("in flight".getBytes()));
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            try {
                System.out.println(carryOut(pipe, words));
            } catch (Exception e) {
                Throwable cause = e.getCause() != null ? e.getCause() : e;
                System.out.println(cause.getClass().getName() + " " + cause.getMessage());
            }
        }
    }

    private static Object carryOut(Pipe pipe, String[] words) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName bean = new ObjectName("io.standpipe:type=Standpipe");
        switch (words[0]) {
            case "read":
                ByteBuffer into = ByteBuffer.allocate(100);
                int length = pipe.source().read(into);
                return new String(into.array(), 0, length);
            case "write":
                return pipe.sink().write(ByteBuffer.wrap(words[1].getBytes()));
            case "manifests":
                return manifests();
            case "registered":
                return server.isRegistered(bean);
            case "pipes":
                return ((Object[]) server.getAttribute(bean, "Pipes")).length;
            case "report":
                return server.getAttribute(bean, "LastReport");
            case "threads":
                return Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> !name.startsWith("Attach Listener") && !name.startsWith("process reaper"))
                        .sorted()
                        .collect(Collectors.joining(","));
            default:
                return server.invoke(bean, words[0], new Object[] {words[1]}, FILE_SIGNATURE);
        }
    }

    /** Reads all manifests of the class path, as an application does that looks for its parts; returns where they are. */
    private static String manifests() throws Exception {
        StringBuilder found = new StringBuilder();
        for (URL manifest : Collections.list(ClassLoader.getSystemClassLoader().getResources("META-INF/MANIFEST.MF"))) {
            try (InputStream in = manifest.openStream()) {
                in.readAllBytes();
            }
            found.append(manifest).append(' ');
        }
        return found.toString();
    }
}
