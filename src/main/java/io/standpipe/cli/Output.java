// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.StandpipeException;
import io.standpipe.internal.pipes.FdSink;
import io.standpipe.internal.sys.Terminal;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Where a command prints: data, and messages, each as one line even if a name in it has control characters. */
final class Output {

    private static final String NAME = "standpipe:";
    private static final char DELETE = 0x7f;
    private static final String FOR_THE_LIBRARY = " (in the library, ";

    private final @Nullable DataStream data;
    private final PrintWriter err;
    private PrintWriter out;
    private Colors.When colors = Colors.When.AUTO;

    Output(PrintWriter out, PrintWriter err) {
        this(out, err, null);
    }

    private Output(PrintWriter out, PrintWriter err, @Nullable DataStream data) {
        this.out = out;
        this.err = err;
        this.data = data;
    }

    /** Returns standard output and standard error. */
    static Output standard() {
        Charset charset = Charset.defaultCharset();
        DataStream data = new DataStream();
        return new Output(new PrintWriter(data, false, charset), new PrintWriter(System.err, true, charset), data);
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /** Drops what is printed as data from here on. */
    void dropData() {
        out = new PrintWriter(Writer.nullWriter());
    }

    void colored(Colors.When when) {
        colors = when;
    }

    /** Returns the colors for data. */
    Colors dataColors() {
        return Colors.of(colors, Subcommand.STANDARD_OUTPUT);
    }

    /** Prints what is not an error. */
    void message(String text) {
        print(NAME, text);
    }

    /** Prints what went wrong. */
    void failure(String text) {
        print(Colors.of(colors, Subcommand.STANDARD_ERROR).bad(NAME), text);
    }

    private void print(String name, String text) {
        err.println(name + " " + onOneLine(withoutLibrary(text)));
        err.flush();
    }

    /** Returns a text with a blank in place of control characters, which a name may have. Without a pattern, which takes a new JVM longer. */
    private static String onOneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            boolean isControl = text.charAt(i) < ' ' || text.charAt(i) == DELETE;
            if (!isControl) {
                line.append(text.charAt(i));
            } else if (line.length() == 0 || line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        }
        return line.toString();
    }

    /** Returns a message without what it advises callers of the library to do, in parentheses that may have others in them. */
    private static String withoutLibrary(String text) {
        int begin = text.indexOf(FOR_THE_LIBRARY);
        if (begin < 0) {
            return text;
        }
        int open = 0;
        for (int at = begin; at < text.length(); at++) {
            open += text.charAt(at) == '(' ? 1 : text.charAt(at) == ')' ? -1 : 0;
            if (text.charAt(at) == ')' && open == 0) {
                return withoutLibrary(text.substring(0, begin) + text.substring(at + 1));
            }
        }
        return text;
    }

    /** Returns the exit code: the given one, if all data could be written. Of a reader that is gone nothing is said. */
    int afterWriting(int exitCode) {
        if (!out.checkError()) {
            return exitCode;
        }
        if (data != null && data.isReaderGone()) {
            return exitCode == ExitCode.DONE ? ExitCode.READER_GONE : exitCode;
        }
        failure("standard output cannot be written" + (data == null ? "" : data.reason()));
        return ExitCode.FAILED;
    }

    /**
     * Refuses to begin what cannot be undone if what it prints would be lost. Room on a device shows only when it is written.
     *
     * @throws StandpipeException if standard output is closed, or nobody reads it any more
     */
    void requireWritable() throws StandpipeException {
        if (data != null) {
            FdSink.requireWritable(Subcommand.STANDARD_OUTPUT);
        }
    }

    static boolean isTerminal(int fd) {
        try {
            return Terminal.isTerminal(fd);
        } catch (LinkageError e) {
            return false; // The native library cannot be loaded, which is said elsewhere.
        }
    }
}
