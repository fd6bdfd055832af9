// SPDX-License-Identifier: Apache-2.0
package com.example;

import com.google.gson.Gson;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the application does with the libraries that it brings along. */
final class Libraries {

    private Libraries() {}

    @Command(name = "orders")
    static final class Arguments {
        @Option(names = "--orders", defaultValue = "0")
        int orders;
    }

    /** Writes and reads the values with each library, and returns the libraries' versions. */
    static String versions(Map<String, Integer> values) throws ReflectiveOperationException {
        String json = new Gson().toJson(values);
        Class<?> mapper = Class.forName("com.fasterxml.jackson.databind.ObjectMapper");
        Object tree = mapper.getMethod("readTree", String.class).invoke(mapper.getConstructor().newInstance(), json);
        if (!tree.toString().equals(json)) {
            throw new IllegalStateException(tree.toString());
        }
        CommandLine commandLine = new CommandLine(new Arguments());
        commandLine.parseArgs("--orders=" + values.get("orders"));
        Arguments parsed = commandLine.getCommand();
        if (parsed.orders != values.get("orders") || !commandLine.getUsageMessage().contains("--orders")) {
            throw new IllegalStateException(commandLine.getUsageMessage());
        }
        return "gson " + constant("com.google.gson.internal.GsonBuildConfig") + ", jackson "
                + constant("com.fasterxml.jackson.databind.cfg.PackageVersion") + ", picocli " + constant("picocli.CommandLine");
    }

    /** The compiler would write down the constant of the version that is there when it compiles. */
    private static Object constant(String name) throws ReflectiveOperationException {
        return Class.forName(name).getField("VERSION").get(null);
    }
}
