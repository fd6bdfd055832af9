// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A way to start the command standpipe: an installed one with a runtime of its own, or the runnable jar with the JVM that this is.
 *
 * @param name for the report
 * @param java the JVM's launcher with the options that the command gets
 * @param prefix the command without its arguments
 * @param installed whether the JVM gets an archive of classes
 */
record Launcher(String name, List<String> java, List<String> prefix, boolean installed) {

    /** How the installed script becomes the JVM. */
    private static final String EXEC = "\nexec \"$sp_java\" ";

    /** @param home a distribution with a runtime, or the runnable jar */
    static Launcher of(Path home) throws IOException {
        if (!Files.isDirectory(home)) {
            Path javaHome = Path.of(System.getProperty("java.home"));
            String java = javaHome.resolve("bin/java").toString();
            return new Launcher("java -jar, JDK " + version(javaHome), List.of(java), List.of(java, "-jar", home.toString()), false);
        }
        Path script = home.resolve("bin/standpipe");
        Path runtime = home.resolve("lib/runtime");
        List<String> java = new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
        java.addAll(jvmOptions(script));
        return new Launcher("installed, JDK " + version(runtime), java, List.of(script.toString()), true);
    }

    /** Returns the options with which the script starts the JVM: it is run with a last step that prints them. */
    private static List<String> jvmOptions(Path script) throws IOException {
        String text = Files.readString(script);
        if (!text.contains(EXEC)) {
            throw new IOException(script + " has no line that begins with: " + EXEC.strip());
        }
        String printing = text.replace(EXEC, "\nprintf '%s\\n' ");
        return Command.output(List.of("sh", "-c", printing, script.toString(), "show")).lines()
                .takeWhile(option -> option.startsWith("-X"))
                .toList();
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(arguments));
        return command;
    }

    Command contender(String... arguments) {
        return contenderNamed("standpipe command", arguments);
    }

    /** Returns the command with these arguments, under another name in the tables. */
    Command contenderNamed(String name, String... arguments) {
        return new Command(name, command(arguments));
    }

    /** Returns Hello World in the same JVM with the same options, from a jar and with an archive of its own as standpipe has them. */
    Command hello(Scratch scratch) throws IOException {
        Path jar = scratch.file("hello.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream in = Hello.class.getResourceAsStream("Hello.class")) {
            out.putNextEntry(new JarEntry(Hello.class.getName().replace('.', '/') + ".class"));
            in.transferTo(out);
        }
        List<String> command = new ArrayList<>(java);
        List<String> main = List.of("-cp", jar.toString(), Hello.class.getName());
        if (installed) {
            String classes = scratch.file("hello.classes").toString();
            String archive = scratch.file("hello.jsa").toString();
            run(List.of("-XX:DumpLoadedClassList=" + classes), main);
            run(List.of("-Xshare:dump", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+AOTClassLinking",
                    "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + archive), main.subList(0, 2));
            command.add("-XX:SharedArchiveFile=" + archive);
        }
        command.addAll(main);
        return new Command("Hello World", command);
    }

    private void run(List<String> options, List<String> main) throws IOException {
        List<String> command = new ArrayList<>(java);
        command.addAll(options);
        command.addAll(main);
        Command.output(command);
    }

    private static String version(Path javaHome) throws IOException {
        Properties release = new Properties();
        release.load(new StringReader(Files.readString(javaHome.resolve("release"))));
        return release.getProperty("JAVA_VERSION").replace("\"", "");
    }
}
