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
        new Color(0x444444), new Color(0x0072B2), new Color(0x56B4E9), new Color(0xD55E00)
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
        XYPlot plot = chart.getXYPlot();
        plot.setDomainAxis(logarithmic("pipes"));
        plot.setRangeAxis(logarithmic("microseconds"));
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

    /** Speed beside the floor, of each set on each file system. */
    static void speeds(Results results, String benchmark, Path file) throws IOException {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        for (Results.Row row : results.of(benchmark)) {
            data.addValue(1 / row.standpipe().ratio(), "Standpipe, " + row.where(), row.set());
        }
        for (Results.Row row : results.of(benchmark)) {
            Results.Taken copy = row.taken().get("javaCopy");
            data.addValue(copy == null ? null : 1 / copy.ratio(), "Java copy, " + row.where(), row.set());
        }
        JFreeChart chart = ChartFactory.createBarChart(
                benchmark + ": the floor's time / the time taken", null, "speed, floor = 1", data);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.addRangeMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(1)));
        plot.getDomainAxis().setTickLabelFont(LABELS);
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        for (int i = 0; i < COLORS.length; i++) {
            renderer.setSeriesPaint(i, COLORS[(i + 1) % COLORS.length]);
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
