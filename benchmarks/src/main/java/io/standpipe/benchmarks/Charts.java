// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;

/** The report's charts, as SVG. */
final class Charts {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int PLAIN_BYTES = 65_536;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font LABELS = new Font(Font.SANS_SERIF, Font.PLAIN, 10);
    private static final Color[] COLORS = {
        new Color(0x444444), new Color(0x0072B2), new Color(0x56B4E9), new Color(0xD55E00), new Color(0x009E73),
        new Color(0xCC79A7), new Color(0xE69F00)
    };

    private Charts() {}

    /** How the window grows with the pipes, of 64 KiB each and with both ends saved. */
    static void window(Results results, Path file) throws IOException {
        XYSeriesCollection data = new XYSeriesCollection();
        data.addSeries(series(results, "window", Floor.NAME, "floor (C)"));
        data.addSeries(series(results, "window", "standpipe", "Standpipe, warm"));
        data.addSeries(series(results, "firstWindow", "standpipe", "Standpipe, a JVM's first"));
        data.addSeries(series(results, "window", "writingWhileFrozen", "image written while frozen"));
        JFreeChart chart = ChartFactory.createXYLineChart(
                "Frozen window, pipes of 64 KiB, both ends saved", "pipes", "microseconds", data);
        saveLines(chart, "microseconds", file);
    }

    /** What a pipe costs that is restored in place, and one that is restored at new numbers, by how many there are. */
    static void perPipe(Results results, Path file) throws IOException {
        XYSeriesCollection data = new XYSeriesCollection();
        for (String contender : new String[] {"standpipe", "inPlace"}) {
            XYSeries series = new XYSeries(contender.equals("inPlace") ? "in place" : "at new numbers");
            for (Results.Row row : results.of("inPlace")) {
                if (row.size().bytesEach() == PLAIN_BYTES) {
                    series.add(row.size().pipes(), row.nanosPerPipe(contender) / 1000);
                }
            }
            data.addSeries(series);
        }
        JFreeChart chart = ChartFactory.createXYLineChart(
                "Restore of pipes of 64 KiB, for each pipe", "pipes", "microseconds", data);
        saveLines(chart, "microseconds for a pipe", file);
    }

    private static void saveLines(JFreeChart chart, String unit, Path file) throws IOException {
        XYPlot plot = chart.getXYPlot();
        plot.setDomainAxis(logarithmic("pipes"));
        plot.setRangeAxis(logarithmic(unit));
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
        for (int i = 0; i < COLORS.length; i++) {
            renderer.setSeriesPaint(i, COLORS[i]);
        }
        plot.setRenderer(renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
        save(chart, file);
    }

    private static LogAxis logarithmic(String label) {
        LogAxis axis = new LogAxis(label);
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        return axis;
    }

    private static XYSeries series(Results results, String benchmark, String contender, String name) {
        XYSeries series = new XYSeries(name);
        for (Results.Row row : results.of(benchmark)) {
            if (row.size().bytesEach() == PLAIN_BYTES && row.where().equals("both ends")
                    && row.taken().containsKey(contender)) {
                series.add(row.size().pipes(), row.taken().get(contender).medianNanos() / 1000);
            }
        }
        return series;
    }

    /** Speed beside the bare floor, of each set on each file system. */
    static void speeds(Results results, String benchmark, Path file) throws IOException {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        addSpeeds(data, results, benchmark, Floor.SAME_CALLS, "same calls");
        addSpeeds(data, results, benchmark, "standpipe", "Standpipe");
        addSpeeds(data, results, benchmark, "javaCopy", "Java copy");
        JFreeChart chart = ChartFactory.createBarChart(
                benchmark + ": the bare floor's time / the time taken", null, "speed, bare floor = 1", data);
        chart.getCategoryPlot().addRangeMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(1)));
        saveBars(chart, file);
    }

    private static void addSpeeds(
            DefaultCategoryDataset data, Results results, String benchmark, String contender, String name) {
        for (Results.Row row : results.of(benchmark)) {
            Results.Taken taken = row.taken().get(contender);
            data.addValue(taken == null ? null : 1 / taken.ratio(), name + ", " + row.where(), row.set());
        }
    }

    /** How long a command takes, in each way of starting its JVM. */
    static void startUp(Results results, Path file) throws IOException {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        for (String command : new String[] {"show", "check"}) {
            for (Results.Row row : results.of(command)) {
                row.taken().forEach((variant, taken) ->
                        data.addValue(taken.medianNanos() / 1_000_000, variant, command + ", " + row.where()));
            }
        }
        saveBars(ChartFactory.createBarChart("Start to end of the command", null, "milliseconds", data), file);
    }

    private static void saveBars(JFreeChart chart, Path file) throws IOException {
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.getDomainAxis().setTickLabelFont(LABELS);
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        for (int i = 0; i < COLORS.length; i++) {
            renderer.setSeriesPaint(i, COLORS[i]);
        }
        save(chart, file);
    }

    private static void save(JFreeChart chart, Path file) throws IOException {
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setFont(TITLE);
        SVGGraphics2D svg = new SVGGraphics2D(WIDTH, HEIGHT);
        svg.setDefsKeyPrefix("chart");
        chart.draw(svg, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        Files.writeString(file, svg.getSVGDocument());
    }
}
