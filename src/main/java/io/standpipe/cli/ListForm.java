// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LivePipe;
import io.standpipe.PipeChain;
import io.standpipe.internal.proc.ProcessNames;
import io.standpipe.internal.proc.ProcessStatus;
import io.standpipe.internal.sys.ProcessCalls;
import io.standpipe.internal.sys.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code standpipe list} prints: as text, unless one of these options is given. */
final class ListForm {

    @Option(names = "--json", description = "As JSON, which docs/list.schema.json describes.")
    private boolean json;

    @Option(
            names = "--columns", split = ",", paramLabel = "COLUMN",
            description = "A row for each holder of a pipe, with these columns: ${COMPLETION-CANDIDATES}.")
    private List<ListColumns.Column> columns = List.of();

    @Option(names = "--dot", description = "As a graph for Graphviz.")
    private boolean dot;

    boolean isDot() {
        return dot;
    }

    /** Returns whether times and empty lines may stand between two rounds. */
    boolean isForPeople() {
        return !json && !dot;
    }

    /**
     * Prints a round.
     *
     * @param chain the way that was followed, of which {@code listing} has the pipes and sockets, or null
     * @param all the pipes of all processes
     */
    void print(Listing listing, @Nullable PipeChain chain, List<LivePipe> all, Movement movement, PrintWriter out) {
        if (json) {
            ListJson.write(listing, movement, out);
        } else if (dot) {
            ListDot.print(listing, out);
        } else if (!columns.isEmpty()) {
            ListColumns.print(listing, movement, columns, out);
        } else if (chain != null) {
            new ChainText(out, terminalColumns()).print(chain, all);
        } else {
            new ListText(out, terminalColumns(), ownContainer(), movement).print(listing);
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
