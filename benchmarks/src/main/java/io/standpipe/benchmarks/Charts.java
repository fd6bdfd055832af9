// SPDX-License-Identifier: Apache-2.0
package io.standpipe.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;

/** Draws the charts of the report. */
final class Charts {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;

    private Charts() {}

    /** Draws the median time against the number of pipes, both on logarithmic axes, for pipes with so many bytes each. */
    static void byNumberOfPipes(String title, List<Result> results, int bytesEach, Path file) throws IOException {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title)
                .xAxisTitle("pipes").yAxisTitle("microseconds").build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
        for (Result result : results) {
            SetSize size = SetSize.parse(result.set());
            if (size.bytesEach() == bytesEach) {
                lines.computeIfAbsent(result.contender(), none -> new LinkedHashMap<>())
                        .put((double) size.pipes(), result.medianNanos() / 1000);
            }
        }
        lines.forEach((name, line) ->
                chart.addSeries(name, new ArrayList<>(line.keySet()), new ArrayList<>(line.values())));
        save(chart, file);
    }

    /** Draws, on a logarithmic axis, the median time for each pipe by set and file system. */
    static void perPipe(String title, List<Result> results, Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title)
                .yAxisTitle("microseconds for each pipe").build();
        chart.getStyler().setAvailableSpaceFill(0.8).setXAxisLabelRotation(45).setYAxisLogarithmic(true).setYAxisMin(0.1);
        Set<String> sets = new LinkedHashSet<>();
        Map<String, Map<String, Double>> bars = new LinkedHashMap<>();
        for (Result result : results) {
            sets.add(label(result));
            bars.computeIfAbsent(result.contender(), none -> new LinkedHashMap<>())
                    .put(label(result), result.medianNanos() / 1000 / SetSize.parse(result.set()).pipes());
        }
        bars.forEach((name, bar) -> chart.addSeries(
                name, new ArrayList<>(sets), sets.stream().map(bar::get).toList()));
        save(chart, file);
    }

    private static String label(Result result) {
        return result.set() + ", " + result.where();
    }

    private static void save(Chart<?, ?> chart, Path file) throws IOException {
        Styler styler = chart.getStyler();
        styler.setDecimalPattern("#,##0.###").setChartBackgroundColor(Color.WHITE).setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal);
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }
}
