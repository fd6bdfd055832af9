// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;

/** Where a command prints: data, and messages. */
final class Output {

    private final PrintWriter err;
    private PrintWriter out;

    Output(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Returns standard output and standard error. */
    static Output standard() {
        Charset charset = Charset.defaultCharset();
        return new Output(new PrintWriter(System.out, false, charset), new PrintWriter(System.err, true, charset));
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
}
