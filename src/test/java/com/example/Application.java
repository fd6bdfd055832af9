// SPDX-License-Identifier: Apache-2.0
package com.example;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An application with libraries, and maybe Standpipe among them: it has a pipe, and carries out the commands on its standard input.
 * It uses no library before it is asked to, as applications do that load a class only when a request needs it.
 */
public final class Application {

    private static Traffic traffic;

    private Application() {}

    public static void main(String[] args) throws Exception {
        Pipe pipe = Pipe.open();
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            try {
                System.out.println(carryOut(pipe, words));
            } catch (Exception | LinkageError e) {
                Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
                System.out.println("failed: " + cause.toString().replace('\n', ' '));
            }
        }
    }

    private static Object carryOut(Pipe pipe, String[] words) throws Exception {
        switch (words[0]) {
            case "write":
                return pipe.sink().write(ByteBuffer.wrap(words[1].getBytes(StandardCharsets.UTF_8)));
            case "read":
                ByteBuffer into = ByteBuffer.allocate(100);
                int length = pipe.source().read(into);
                return new String(into.array(), 0, length, StandardCharsets.UTF_8);
            case "threads":
                return Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getThreadGroup() != null)
                        .map(Thread::getName)
                        .filter(name -> !name.startsWith("Attach Listener"))
                        .sorted()
                        .collect(Collectors.joining(","));
            case "libraries":
                return Libraries.versions(Map.of("orders", 3));
            case "name":
                return OwnPipes.name(pipe);
            case "own":
                return OwnPipes.saveAndRestore(words[1]);
            case "traffic":
                traffic = new Traffic(Integer.parseInt(words[1]));
                return "started";
            case "stop":
                return traffic.stop();
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }
}
