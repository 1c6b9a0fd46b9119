package org.expertgrid.benchmarks.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.cli.output.Output;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/** Draws the time of each runner relative to ours, a group of bars for each load. */
public final class Chart {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 420;

    private Chart() {}

    /** Writes a chart of these runs; the file's name ends in {@code .svg} or {@code .png}. */
    public static void write(List<LayerRun> runs, int threads, Path file) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("The layer on " + threads + " threads: time in terms of ours")
                .yAxisTitle("time / ours")
                .theme(Styler.ChartTheme.GGPlot2)
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setXAxisLabelRotation(30);
        List<String> loads = new ArrayList<>();
        Map<String, Map<String, Double>> ratios = new LinkedHashMap<>();
        for (LayerRun run : runs) {
            if (run.threads() == threads) {
                String load = Output.text(run.element()) + " " + run.batch();
                if (!loads.contains(load)) {
                    loads.add(load);
                }
                ratios.computeIfAbsent(run.runner(), runner -> new LinkedHashMap<>())
                        .put(load, run.ratioToOurs());
            }
        }
        ratios.forEach((runner, byLoad) ->
                chart.addSeries(runner, loads, loads.stream().map(byLoad::get).toList()));
        try (OutputStream image = Files.newOutputStream(file)) {
            ChartEncoder.saveChart(chart, image, file.toString().replaceAll(".*\\.", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
