// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.testkit.Host;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A user without privileges, who owns nothing on this machine but a directory. */
final class OtherUser {

    /** The uid, which differs in each JVM that runs tests, since the pages of a user's pipes are limited. */
    static final int ID = 61_234 + Integer.getInteger("standpipe.test.jvm", 0);

    private static final List<String> BECOME = List.of("setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups");

    private final Path home;
    private final String classPath;

    private OtherUser(Path home, String classPath) {
        this.home = home;
        this.classPath = classPath;
    }

    /** Copies the class path of the command into the user's directory, since the user may not enter the original one. */
    static OtherUser in(Path home) throws IOException, InterruptedException {
        Host.assumeRoot();
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.matches(".*(classes|commons-cli|gson)[^/]*/?")) {
                Path copy = home.resolve("class-path-" + copies.size());
                Host.run("cp", "-r", entry, copy.toString());
                copies.add(copy.toString());
            }
        }
        Host.run("chmod", "-R", "a+rwX", home.toString());
        OtherUser user = new OtherUser(home, String.join(File.pathSeparator, copies));
        Host.run(user.command(CommandRun.java(user.classPath, "-version").get(0), "-version"));
        return user;
    }

    /** Makes a new directory that the user can write to. */
    Path directory(String name) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(home.resolve(name));
        Host.run("chown", Integer.toString(ID), directory.toString());
        return directory;
    }

    /** Makes a new file that the user can read. */
    Path file(byte[] content) throws IOException, InterruptedException {
        Path file = Files.write(Files.createTempFile(home, "file", ""), content);
        Host.run("chmod", "a+r", file.toString());
        return file;
    }

    /** Returns a command line that runs another command line as this user. */
    String[] command(String... command) {
        List<String> line = new ArrayList<>(BECOME);
        line.addAll(List.of(command));
        return line.toArray(new String[0]);
    }

    /** Returns a command line that runs a main class of this class path as this user. */
    List<String> java(Class<?> mainClass) {
        return List.of(command(CommandRun.java(classPath, mainClass.getName()).toArray(new String[0])));
    }

    /** Runs {@code standpipe} with arguments as this user. */
    CommandRun run(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java(Main.class));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return CommandRun.program(command);
    }
}
