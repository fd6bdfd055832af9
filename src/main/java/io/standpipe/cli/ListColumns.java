// SPDX-License-Identifier: Apache-2.0
package io.standpipe.cli;

import io.standpipe.LiveActivity;
import io.standpipe.LivePipe;
import io.standpipe.LiveProcess;
import io.standpipe.internal.proc.ProcessIo;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Prints a row for each process that holds a pipe, or waits to open a FIFO, with the columns that were asked for. */
final class ListColumns {

    private static final String UNKNOWN = "-";

    /** An fd of a pipe, or an opener without one. */
    private record Row(
            LivePipe pipe, LiveProcess process, String end, @Nullable Integer fd, long thread, LiveActivity activity, Movement movement) {}

    /** What can be shown. */
    enum Column {
        PIPE(true),
        FIFO(false),
        QUEUED(true),
        CAPACITY(true),
        CHANGE(true),
        STATE(false),
        STUCK(false),
        EXPLANATION(false),
        END(false),
        PID(true),
        THREAD(true),
        FD(true),
        NAME(false),
        COMMAND(false),
        USER(false),
        CONTAINER(false),
        CGROUP(false),
        DOES(false),
        ACTIVITY(false),
        READ(true),
        WRITTEN(true);

        private final boolean isNumber;

        Column(boolean isNumber) {
            this.isNumber = isNumber;
        }

        @Override
        public String toString() {
            return word(this);
        }
    }

    private ListColumns() {}

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object value(Column column, Row row) {
        LivePipe pipe = row.pipe;
        LiveProcess process = row.process;
        ProcessIo moved = row.movement.of(process);
        return switch (column) {
            case PIPE -> Long.toUnsignedString(pipe.ino());
            case FIFO -> pipe.path();
            case QUEUED -> pipe.isMeasured() ? pipe.queuedBytes().orElseThrow() : null;
            case CAPACITY -> pipe.isMeasured() ? pipe.capacityBytes().orElseThrow() : null;
            case CHANGE -> row.movement.of(pipe);
            case STATE -> word(pipe.state());
            case STUCK -> pipe.isStuck() ? "yes" : "no";
            case EXPLANATION -> pipe.explanation();
            case END -> row.end;
            case PID -> process.pid();
            case THREAD -> row.thread;
            case FD -> row.fd;
            case NAME -> process.name();
            case COMMAND -> ProcessText.command(process);
            case USER -> process.user();
            case CONTAINER -> ProcessText.container(process);
            case CGROUP -> process.cgroup();
            case DOES -> word(row.activity.kind());
            case ACTIVITY -> row.activity;
            case READ -> moved == null ? null : moved.readBytes();
            case WRITTEN -> moved == null ? null : moved.writtenBytes();
        };
    }

    private static String text(Column column, Row row) {
        Object value = value(column, row);
        String text = value == null ? "" : ProcessText.printable(value.toString());
        return text.isEmpty() ? UNKNOWN : text;
    }

    static void print(Listing listing, Movement movement, List<Column> columns, PrintWriter out) {
        List<List<String>> table = new ArrayList<>();
        table.add(columns.stream().map(Enum::name).toList());
        for (Row row : rows(listing, movement)) {
            table.add(columns.stream().map(column -> text(column, row)).toList());
        }
        int[] widths = IntStream.range(0, columns.size())
                .map(column -> table.stream().mapToInt(cells -> ProcessText.columns(cells.get(column))).max().orElse(0))
                .toArray();
        for (List<String> cells : table) {
            out.println(line(cells, columns, widths));
        }
    }

    private static String line(List<String> cells, List<Column> columns, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - ProcessText.columns(cells.get(i)));
            line.append(i == 0 ? "" : "  ").append(columns.get(i).isNumber ? padding + cells.get(i) : cells.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }

    private static List<Row> rows(Listing listing, Movement movement) {
        List<Row> rows = new ArrayList<>();
        for (LivePipe pipe : listing.pipes()) {
            for (LivePipe.Holder holder : pipe.holders()) {
                rows.add(new Row(
                        pipe, holder.process(), Listing.end(holder), holder.fd(), holder.thread(), holder.activity(), movement));
            }
            for (LivePipe.Opener opener : pipe.openers()) {
                long pid = opener.process().pid();
                rows.add(new Row(pipe, opener.process(), opener.writer() ? "write" : "read", null, pid, opener.activity(), movement));
            }
        }
        return rows;
    }
}
