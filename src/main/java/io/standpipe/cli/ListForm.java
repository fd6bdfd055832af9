// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.cli.options.Flag;
import io.standpipe.cli.options.Syntax;
import io.standpipe.cli.options.Value;
import io.standpipe.cli.options.WordKind;
import io.standpipe.internal.proc.ProcessNames;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How {@code standpipe list} prints: as text, unless one of these options is given. */
final class ListForm {

    private final Flag json;
    private final Value<ListColumns.Column> columns;
    private final Flag dot;

    /** Adds the options. */
    ListForm(Syntax syntax) {
        WordKind<ListColumns.Column> names = new WordKind<>(ListColumns.Column.values());
        json = syntax.flag("--json", "As JSON, which docs/list.schema.json describes.");
        columns = syntax.option(
                "--columns", "COLUMN", names,
                "A row for each holder of a pipe, with these columns: " + String.join(", ", names.words()) + ".").list();
        dot = syntax.flag("--dot", "As a graph for Graphviz.");
        syntax.atMostOne(json, columns, dot);
    }

    boolean isDot() {
        return dot.isGiven();
    }

    /** Returns whether times and empty lines may stand between two rounds. */
    boolean isForPeople() {
        return !json.isGiven() && !dot.isGiven();
    }

    /**
     * Prints a round.
     *
     * @param chain the way that was followed, of which {@code listing} has the pipes and sockets, or null
     * @param all the pipes of all processes
     */
    void print(Listing listing, @Nullable PipeChain chain, List<LivePipe> all, Movement movement, PrintWriter out, Colors colors) {
        if (json.isGiven()) {
            ListJson.write(listing, movement, out);
        } else if (dot.isGiven()) {
            ListDot.print(listing, out);
        } else if (columns.isGiven()) {
            ListColumns.print(listing, movement, columns.all(), out);
        } else if (chain != null) {
            new ChainText(out, terminalColumns(), colors).print(chain, all);
        } else {
            new ListText(out, terminalColumns(), ownContainer(), movement, colors).print(listing);
        }
    }

    /** Returns 0 where standard output is no terminal, or one of unknown width. */
    private static int terminalColumns() {
        return Terminal.isTerminal(Subcommand.STANDARD_OUTPUT) ? Terminal.columns(Subcommand.STANDARD_OUTPUT) : 0;
    }

    private static String ownContainer() {
        try {
            return ProcessText.container(new ProcessNames().name(ProcessStatus.of(ProcessCalls.pid())));
        } catch (IOException e) {
            return "";
        }
    }
}
