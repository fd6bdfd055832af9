// SPDX-License-Identifier: Apache-2.0
package io.standpipe.testkit;


import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.pipe.Fd;
import io.standpipe.pipe.Pipes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A child process; {@code close} kills the process and all its descendants. */
public final class TestProcess implements AutoCloseable {

    private final Process process;

    private TestProcess(Process process) {
        this.process = process;
    }

    /** Starts a shell script. Fds 0, 1 and 2 are pipes whose other ends this JVM holds. */
    public static TestProcess shell(String script) throws IOException {
        return new TestProcess(new ProcessBuilder("sh", "-c", script).start());
    }

    /** Starts a command. Fds 0, 1 and 2 are pipes whose other ends this JVM holds. */
    public static TestProcess of(List<String> command) throws IOException {
        return new TestProcess(new ProcessBuilder(command).start());
    }

    /** Starts a shell script. Fds 0, 1 and 2 are no pipes. */
    public static TestProcess shellWithoutPipes(String script) throws IOException {
        return new TestProcess(new ProcessBuilder("sh", "-c", script)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Starts a sleep whose fd 0 is a pipe with these bytes, and fds 1 and 2 are empty pipes. */
    public static TestProcess holding(byte[] bytes) throws IOException {
        TestProcess process = shell("exec sleep 1000").awaitBecome("sleep").feed(bytes);
        awaitQueued(process.pid(), 0, bytes.length);
        return process;
    }

    public int pid() {
        return (int) process.pid();
    }

    /** Returns the state in /proc/PID/stat, such as {@code S} for sleeping or {@code T} for stopped. */
    public char state() throws IOException {
        return state(pid());
    }

    /** Returns the state in /proc/PID/stat of any process. */
    public static char state(int pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    /** Waits until the process runs the command, which it does by exec. */
    public TestProcess awaitBecome(String command) {
        Await.until(pid() + " is " + command, () -> isRunning(process.toHandle(), command));
        return this;
    }

    /** Waits until a descendant runs the command; returns its pid. */
    public int awaitDescendant(String command) {
        Await.until("there is a " + command, () -> descendant(command).isPresent());
        return descendant(command).orElseThrow();
    }

    private Optional<Integer> descendant(String command) {
        return process.descendants()
                .filter(handle -> isRunning(handle, command))
                .map(handle -> (int) handle.pid())
                .findFirst();
    }

    private static boolean isRunning(ProcessHandle handle, String command) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/comm")).trim().equals(command);
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until so many bytes are queued in the pipe that the process has at this fd. */
    public static void awaitQueued(int pid, int fd, int bytes) {
        Await.until(bytes + " bytes are queued", () -> queuedBytes(pid, fd) == bytes);
    }

    private static int queuedBytes(int pid, int fd) throws IOException {
        try (Fd pidfd = ProcessCalls.pidfdOpen(pid);
                Fd copy = ProcessCalls.pidfdGetFd(pidfd.number(), fd)) {
            return Pipes.queuedBytes(copy.number());
        }
    }

    /** Writes to the process's standard input. */
    public TestProcess feed(byte[] bytes) throws IOException {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
        return this;
    }

    /** Reads the next line of the standard output, and checks that it is this line. */
    public TestProcess awaitOutput(String line) throws IOException {
        String printed = readLine();
        if (!printed.equals(line)) {
            throw new IOException("printed \"" + printed + "\", expected \"" + line + "\"");
        }
        return this;
    }

    /** Returns how many bytes of the standard output have not been read. */
    public int available() throws IOException {
        return process.getInputStream().available();
    }

    /** Reads a byte of the standard output. */
    public int readByte() throws IOException {
        return process.getInputStream().read();
    }

    /** Reads the next line of the standard output. */
    public String readLine() throws IOException {
        StringBuilder printed = new StringBuilder();
        InputStream output = process.getInputStream();
        for (int read = output.read(); read != '\n'; read = output.read()) {
            if (read == -1) {
                throw new IOException("ended after printing \"" + printed + "\": "
                        + new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            }
            printed.append((char) read);
        }
        return printed.toString();
    }

    /** Kills the process, but no descendants, and waits for its end. */
    public void killAlone() {
        process.destroyForcibly();
        Await.until(pid() + " has ended", () -> !process.isAlive());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the process and its descendants, and waits for its end. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Await.until(pid() + " has ended", () -> !process.isAlive());
    }

    @Override
    public void close() throws IOException {
        kill();
        process.getInputStream().close();
        process.getErrorStream().close();
        closeInput();
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // Bytes still buffered for a process that is gone.
        }
    }
}
