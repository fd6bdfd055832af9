// SPDX-License-Identifier: Apache-2.0
package io.standpipe.docs;

import io.standpipe.testkit.Await;
import io.standpipe.testkit.TestProcess;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/** A bash that runs the commands of a page one after the other. What they print, on either stream, goes to a file. */
final class DocumentShell implements AutoCloseable {

    private static final int LOOKS = 3;
    private static final int PAUSE_MILLIS = 30;
    private static final String END = "--- end of command ";

    /** What pages call the directory in which the commands run. */
    private static final String SHOWN_DIRECTORY = "/home/me/try";

    private final Process bash;
    private final String directory;
    private final OutputStream input;
    private final Path output;
    private int commands;

    /** @param standpipe the command line that stands for {@code standpipe} */
    DocumentShell(Path directory, List<String> standpipe) throws IOException {
        this.directory = Files.createDirectory(directory.resolve("work")).toString();
        Path programs = Files.createDirectory(directory.resolve("bin"));
        String words = standpipe.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").collect(Collectors.joining(" "));
        Path program = Files.writeString(programs.resolve("standpipe"), "#!/bin/sh\nexec " + words + " \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        output = Files.createFile(directory.resolve("printed"));
        ProcessBuilder builder = new ProcessBuilder("bash", "--noprofile", "--norc")
                .directory(new File(this.directory))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("CHECKOUT", System.getProperty("user.dir"));
        bash = builder.start();
        input = bash.getOutputStream();
    }

    /** Runs a command, and waits until those in the background sleep. Returns the lines that it printed. */
    List<String> run(String command) throws IOException {
        String end = END + ++commands;
        long before = Files.size(output);
        // No command has this script as its standard input.
        input.write(("{ " + command + "\n} < /dev/null\necho '" + end + "'\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        String printed = Await.result("\"" + command + "\" ends", () -> since(before), text -> text.endsWith(end + "\n"));
        if (command.endsWith("&") || command.contains("& ")) {
            Await.until("what is in the background sleeps", this::staysAsleep);
        }
        return printed.substring(0, printed.length() - end.length() - 1).replace(directory, SHOWN_DIRECTORY).lines().toList();
    }

    private String since(long offset) throws IOException {
        byte[] all = Files.readAllBytes(output);
        return new String(all, (int) offset, all.length - (int) offset, StandardCharsets.UTF_8);
    }

    private boolean staysAsleep() throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            Thread.sleep(PAUSE_MILLIS);
            if (!bash.descendants().allMatch(DocumentShell::isAsleep)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAsleep(ProcessHandle process) {
        try {
            return "STt".indexOf(TestProcess.state((int) process.pid())) >= 0;
        } catch (IOException e) {
            return true; // It has ended.
        }
    }

    @Override
    public void close() throws IOException {
        bash.descendants().forEach(ProcessHandle::destroyForcibly);
        bash.destroyForcibly();
        input.close();
        Await.until("the shell has ended", () -> !bash.isAlive());
    }
}
