package org.expertgrid.benchmarks.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.expertgrid.experts.errors.Problems;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/**
 * A chart with a group of bars for each category, and in each group a bar for each series. Both keep the order in which they are added.
 *
 * <p>For one thread.
 */
public final class BarChart {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 420;
    private static final int LABEL_DEGREES = 30;

    private final String title;
    private final String valueTitle;
    private final Set<String> categories = new LinkedHashSet<>();
    private final Map<String, Map<String, Double>> series = new LinkedHashMap<>();

    /**
     * Begins a chart without bars.
     *
     * @param valueTitle what the height of a bar says
     */
    public BarChart(String title, String valueTitle) {
        this.title = title;
        this.valueTitle = valueTitle;
    }

    /** Adds a problem if {@code file} is neither null nor a file that {@link #write} can make. */
    public static Problems expectFile(Problems problems, String option, Path file) {
        return problems.expect(
                file == null || file.toString().matches(".*\\.(svg|png)"),
                option,
                file,
                "a file ending in .svg or .png");
    }

    /** Adds one bar. */
    public void add(String nameOfSeries, String category, double value) {
        categories.add(category);
        series.computeIfAbsent(nameOfSeries, name -> new LinkedHashMap<>()).put(category, value);
    }

    /** Writes the chart; the file's name ends in {@code .svg} or {@code .png}. A series may lack bars. */
    public void write(Path file) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(valueTitle)
                .theme(Styler.ChartTheme.GGPlot2)
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setXAxisLabelRotation(LABEL_DEGREES);
        List<String> names = List.copyOf(categories);
        series.forEach((name, values) ->
                chart.addSeries(name, names, names.stream().map(values::get).toList()));
        try (OutputStream image = Files.newOutputStream(file)) {
            ChartEncoder.saveChart(chart, image, file.toString().replaceAll(".*\\.", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
