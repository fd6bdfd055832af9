// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/**
 * A chart of the report: how many times as long as the first contender each one took. Each has a row, in which a point is the
 * median of the ratios, a bar their middle half, and a text says both the ratio and the time. The axis is logarithmic, with a bold
 * line at 1.
 */
final class Charts {

    private static final int WIDTH = 900;
    private static final int ROW_HEIGHT = 19;
    private static final int SCALE = 2;
    private static final int LINE_LETTERS = 125;
    private static final int NOTE_LINE_HEIGHT = 18;

    /** The share of the axis that a text beside a point takes. */
    private static final double TEXT = 0.2;

    private static final Color OTHER_COLOUR = new Color(0x1b6ca8);
    private static final Map<String, Color> COLOURS = Map.of(
            "C", new Color(0x6b7280), "Hello", new Color(0x6b7280), "plain", new Color(0xc05000), "CRIU", new Color(0x7b3294));

    private final List<String> rows = new ArrayList<>();
    private final XYIntervalSeriesCollection points = new XYIntervalSeriesCollection();
    private final XYErrorRenderer renderer = new XYErrorRenderer();
    private final XYPlot plot = new XYPlot(points, null, null, renderer);

    private Charts() {}

    /**
     * Draws a chart.
     *
     * @param title what is compared, in a sentence
     * @param axis what the ratios are
     * @param groups the results of each comparison under their heading
     * @param notes what a reader has to know of the contenders
     */
    static void draw(String title, String axis, Map<String, List<Result>> groups, List<String> notes, Path file) throws IOException {
        Charts chart = new Charts();
        LogAxis ratios = ratios(axis, groups.values().stream().flatMap(List::stream).toList());
        double gap = Math.pow(ratios.getUpperBound() / ratios.getLowerBound(), 0.01);
        groups.forEach((heading, results) -> {
            chart.addHeading(heading, ratios.getLowerBound());
            results.forEach(result -> chart.addRow(result, gap));
        });
        chart.plot.setDomainAxis(ratios);
        chart.plot.setRangeAxis(chart.names());
        chart.save(title, notes, file);
    }

    /** Returns an axis with room for the texts, which are at that side of a point where the line at 1 is not. */
    private static LogAxis ratios(String label, List<Result> all) {
        double least = all.stream().mapToDouble(Result::lowRatio).min().orElseThrow();
        double most = all.stream().mapToDouble(Result::highRatio).max().orElseThrow();
        boolean textAtLeft = all.stream().anyMatch(Charts::isTextAtLeft);
        double decades = Math.log10(most / least) / (1 - TEXT - (textAtLeft ? TEXT : 0.05));
        double lower = Math.log10(least) - decades * (textAtLeft ? TEXT : 0.05);
        LogAxis axis = new LogAxis(label);
        axis.setLabelFont(new Font(Font.SANS_SERIF, Font.BOLD, 12));
        axis.setRange(Math.pow(10, lower), Math.pow(10, lower + decades));
        axis.setBase(decades < 3.2 ? 2 : 10);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setNumberFormatOverride(new DecimalFormat("#,##0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        return axis;
    }

    private static boolean isTextAtLeft(Result result) {
        return result.highRatio() < 1;
    }

    private void save(String title, List<String> notes, Path file) throws IOException {
        plot.addDomainMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(2.5f)), Layer.BACKGROUND);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeGridlinesVisible(false);
        renderer.setDrawYError(false);
        renderer.setErrorStroke(new BasicStroke(1.5f));
        JFreeChart chart = new JFreeChart(title, new Font(Font.SANS_SERIF, Font.BOLD, 16), plot, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(8, 8, 8, 12));
        for (int i = notes.size() - 1; i >= 0; i--) { // from the bottom up
            addNote(chart, notes.get(i));
        }
        int lines = notes.stream().mapToInt(note -> 1 + note.length() / LINE_LETTERS).sum();
        int height = 90 + NOTE_LINE_HEIGHT * lines + ROW_HEIGHT * rows.size();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            ChartUtils.writeScaledChartAsPNG(out, chart, WIDTH, height, SCALE, SCALE);
        }
    }

    /** A heading has a row of its own, on a grey band which hides the line. */
    private void addHeading(String heading, double lower) {
        int row = rows.size();
        rows.add("");
        plot.addRangeMarker(new IntervalMarker(row - 0.5, row + 0.5, new Color(0xe5e7eb), new BasicStroke(0), null, null, 1), Layer.FOREGROUND);
        addText(" " + heading, lower, row, TextAnchor.CENTER_LEFT, Font.BOLD);
    }

    private void addRow(Result result, double gap) {
        int row = rows.size();
        rows.add(result.contender());
        XYIntervalSeries series = new XYIntervalSeries(row);
        series.add(result.ratio(), result.lowRatio(), result.highRatio(), row, row, row);
        points.addSeries(series);
        Color colour = COLOURS.getOrDefault(result.contender().split("[ ,]")[0], OTHER_COLOUR);
        int index = points.getSeriesCount() - 1;
        renderer.setSeriesPaint(index, colour);
        renderer.setSeriesShape(index, new Ellipse2D.Double(-4.5, -4.5, 9, 9));
        boolean left = isTextAtLeft(result);
        addText(Numbers.number(result.ratio()) + "  (" + Numbers.time(result.medianNanos()) + ")",
                left ? result.lowRatio() / gap : result.highRatio() * gap, row, left ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT, Font.PLAIN);
    }

    private void addText(String text, double x, int row, TextAnchor anchor, int style) {
        XYTextAnnotation annotation = new XYTextAnnotation(text, x, row);
        annotation.setTextAnchor(anchor);
        annotation.setFont(new Font(Font.SANS_SERIF, style, 12));
        plot.addAnnotation(annotation);
    }

    private SymbolAxis names() {
        SymbolAxis names = new SymbolAxis(null, rows.toArray(String[]::new));
        names.setInverted(true);
        names.setRange(-0.5, rows.size() - 0.5);
        names.setGridBandsVisible(false);
        names.setTickMarksVisible(false);
        names.setTickLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        return names;
    }

    private static void addNote(JFreeChart chart, String note) {
        TextTitle title = new TextTitle(note, new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        title.setPosition(RectangleEdge.BOTTOM);
        title.setHorizontalAlignment(HorizontalAlignment.LEFT);
        title.setTextAlignment(HorizontalAlignment.LEFT);
        title.setPadding(new RectangleInsets(2, 4, 2, 4));
        chart.addSubtitle(title);
    }
}
