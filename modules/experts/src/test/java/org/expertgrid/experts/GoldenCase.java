package org.expertgrid.experts;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.Matrix;

/**
 * What NumPy computed for one shape: the input, its routing, and the output or, for the seed's own shape, its checksums.
 *
 * <p>Weights are not in the files: {@link NamedRandomStates} gives them, in the order router, then expert after expert.
 * With top-k beyond the number of experts, {@code indices} and {@code gates} have as many columns as there are experts.
 *
 * @param x [batch, featureDim]; in the file, or drawn from 'testing' where the case is 'seed'
 * @param indices the experts of each row, the most probable first
 * @param output [batch, outputDim]; null in 'seed'
 * @param checksums null in every case but 'seed'
 */
public record GoldenCase(
        String name,
        int batch,
        int featureDim,
        int hiddenDim,
        int outputDim,
        int experts,
        int topK,
        Matrix x,
        int[][] indices,
        double[][] gates,
        Matrix output,
        Checksums checksums) {
    /** The name of the case that has the seed's own shape. */
    public static final String SEED = "seed";

    /** What is kept of an output that is too large for a file: sums, its first four rows and columns, its last row. */
    public record Checksums(
            double sum,
            double absoluteSum,
            double[] rowSums,
            double[] columnSums,
            Matrix corner,
            double[] lastRow,
            int[] rowsPerExpert) {}

    /** Returns the seven cases that have their whole output, small ones first. */
    public static Stream<GoldenCase> complete() {
        return Stream.of("tiny", "one-row", "idle-experts", "topk-over-experts", "uneven", "defaults", "medium")
                .map(GoldenCase::load);
    }

    /** Returns the case of this name. */
    public static GoldenCase load(String name) {
        Map<String, Object> json = json(name);
        int batch = integer(json.get("batch"));
        int featureDim = integer(json.get("feature_dim"));
        boolean whole = json.containsKey("x");
        return new GoldenCase(
                name,
                batch,
                featureDim,
                integer(json.get("hidden_dim")),
                integer(json.get("output_dim")),
                integer(json.get("num_experts")),
                integer(json.get("topk")),
                whole ? matrix(json.get("x")) : new RandomState(0).randn(batch, featureDim),
                list(json.get("indices")).stream().map(GoldenCase::integers).toArray(int[][]::new),
                list(json.get("gates")).stream().map(GoldenCase::doubles).toArray(double[][]::new),
                whole ? matrix(json.get("output")) : null,
                whole ? null : checksums(json));
    }

    /** Returns one golden file as it is. */
    public static Map<String, Object> json(String name) {
        try (InputStream file = GoldenCase.class.getResourceAsStream("/golden/" + name + ".json")) {
            if (file == null) {
                throw new IllegalArgumentException("name: " + name + " (expected: a file in resources/golden)");
            }
            return JSON.std.mapFrom(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static double[] doubles(Object numbers) {
        return list(numbers).stream()
                .mapToDouble(number -> ((Number) number).doubleValue())
                .toArray();
    }

    /** The name, so that a test's report says which case it was. */
    @Override
    public String toString() {
        return name;
    }

    private static Checksums checksums(Map<String, Object> json) {
        return new Checksums(
                ((Number) json.get("sum")).doubleValue(),
                ((Number) json.get("abs_sum")).doubleValue(),
                doubles(json.get("row_sums")),
                doubles(json.get("col_sums")),
                matrix(json.get("corner")),
                doubles(json.get("last_row")),
                integers(json.get("rows_per_expert")));
    }

    private static Matrix matrix(Object rows) {
        double[][] values = list(rows).stream().map(GoldenCase::doubles).toArray(double[][]::new);
        double[] all = Stream.of(values).flatMapToDouble(Arrays::stream).toArray();
        return Matrix.wrap(values.length, all.length / values.length, all);
    }

    private static int[] integers(Object numbers) {
        return list(numbers).stream().mapToInt(GoldenCase::integer).toArray();
    }

    private static int integer(Object number) {
        return ((Number) number).intValue();
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }
}
