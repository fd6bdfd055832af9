// SPDX-License-Identifier: Apache-2.0
package io.standpipe.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.standpipe.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A real process, no JVM, that does with its descriptors what it is told; puppet.c is what it runs. A call is answered
 * by what it returned, or by the name of its error. Bytes are told as text of one character each.
 */
final class Puppet implements AutoCloseable {

    /** How a process ended. */
    interface Ending {

        /** Waits for the end; the signal that made it end. */
        int signal() throws IOException, InterruptedException;
    }

    private final Stage stage;
    private final SocketChannel channel;
    private final BufferedReader answers;
    private final int pid;
    private final List<String> transcript = new ArrayList<>();
    private String name;
    private Ending ending;

    /** Takes a connection, through which the process says its pid. */
    Puppet(Stage stage, SocketChannel channel) throws IOException {
        this.stage = stage;
        this.channel = channel;
        answers = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel),
                StandardCharsets.US_ASCII));
        pid = Integer.parseInt(answers.readLine());
        name = "process " + pid;
    }

    int pid() {
        return pid;
    }

    Stage stage() {
        return stage;
    }

    /** Gives it a name for messages, and the means to tell how it ended. */
    Puppet known(String as, Ending by) {
        name = as;
        ending = by;
        return this;
    }

    /** What it was told since it connected, each call with its answer. */
    List<String> transcript() {
        return transcript;
    }

    /** Has it do a call, without waiting for the answer. */
    void tell(String call) throws IOException {
        transcript.add(call);
        ByteBuffer line = StandardCharsets.US_ASCII.encode(call + "\n");
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }

    /** The answer to a call that it was told to do; null if it has ended. */
    String answer() throws IOException {
        String answer = answers.readLine();
        int last = transcript.size() - 1;
        transcript.set(last, transcript.get(last) + " -> " + answer);
        return answer;
    }

    String ask(String call) throws IOException {
        tell(call);
        return answer();
    }

    /** Has it do a call, and looks at the answer. */
    Puppet expect(String expected, String call) throws IOException {
        check(expected, ask(call), ": " + call);
        return this;
    }

    private void check(String expected, String answer, String what) {
        if (stage.judges()) {
            assertEquals(expected, answer, () -> name + what);
        }
    }

    /** Has it do calls that must not fail. */
    Puppet does(String... calls) throws IOException {
        for (String call : calls) {
            String answer = ask(call);
            if (stage.judges() && (answer == null || !answer.matches("\\d+"))) {
                throw new IOException(name + ": " + call + ": " + answer);
            }
        }
        return this;
    }

    Puppet writes(String expected, int fd, String text) throws IOException {
        String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
        check(expected, ask("write " + fd + " " + hex), " writes to " + fd);
        return this;
    }

    /** Has it write all of a text. */
    Puppet writes(int fd, String text) throws IOException {
        return writes(Integer.toString(text.length()), fd, text);
    }

    /** Has it read once, and looks at what it got; an empty text at the end. */
    Puppet reads(String expected, int fd, int count) throws IOException {
        tell("read " + fd + " " + count);
        return hasRead(expected);
    }

    /** Looks at what it got, or will get, from a read that it was told to do. */
    Puppet hasRead(String expected) throws IOException {
        check(expected, text(answer()), " reads");
        return this;
    }

    private static String text(String answer) {
        boolean bytes = answer != null && answer.matches("[0-9a-f]*");
        return bytes ? new String(HexFormat.of().parseHex(answer), StandardCharsets.ISO_8859_1) : answer;
    }

    /** Has it write, which makes it end by a signal. */
    void diesWriting(int signal, int fd) throws IOException, InterruptedException {
        assertEquals(null, ask("write " + fd + " 00"), () -> name + " writes to " + fd);
        assertEquals(signal, ending.signal(), () -> name);
    }

    /** Has it end the connection until somebody listens again. */
    void rests() throws IOException {
        tell("rest");
        if (answer() != null) {
            throw new IOException(name + " goes on");
        }
        channel.close();
    }

    Puppet fork() throws IOException {
        return stage.await(Integer.parseInt(ask("fork")));
    }

    /** Kills it, if it has not ended, and waits until its descriptors are closed: those of a zombie are. */
    @Override
    public void close() throws IOException {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Path status = Path.of("/proc/" + pid + "/status");
        Await.until(name + " has ended", () -> !Files.exists(status) || Files.readString(status).contains("State:\tZ"));
        channel.close();
    }
}
