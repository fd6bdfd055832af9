// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The script bin/standpipe as a distribution has it, with this JDK as its runtime and this JVM's class path in place of the jar. */
final class InstalledCommand {

    static final Path SCRIPT = Path.of("toolchain/dist/standpipe").toAbsolutePath();

    private final Path home;

    private InstalledCommand(Path home) {
        this.home = home;
    }

    static InstalledCommand in(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.copy(SCRIPT, home.resolve("bin/standpipe"));
        Files.createSymbolicLink(home.resolve("lib/runtime"), Path.of(System.getProperty("java.home")));
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        attributes.put(Attributes.Name.CLASS_PATH, Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(home.resolve("lib/standpipe.jar")), manifest).close();
        return new InstalledCommand(home);
    }

    /** Runs a shell script in which {@code "$@"} stands for the script with its arguments. */
    CommandRun shell(String script, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh", home + "/bin/standpipe"));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return CommandRun.program(command);
    }
}
