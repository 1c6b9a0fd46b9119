package org.expertgrid.experts.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.expertgrid.kernels.GatedRows;

/**
 * Which experts each row of a batch goes to, and how much each counts: what {@link Router#route} returns.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Routing {
    private final int rows;
    private final int topK;
    private final int[] indices;
    private final double[] gates;
    private final List<GatedRows> byExpert;

    /**
     * Takes the arrays as they are: slot {@code row * topK + k} is the row's k-th choice.
     *
     * @param experts how many experts rows choose from
     * @param shared the rows and gates of the experts that follow these, which every row goes to
     */
    Routing(int rows, int topK, int experts, int[] indices, double[] gates, List<GatedRows> shared) {
        this.rows = rows;
        this.topK = topK;
        this.indices = indices;
        this.gates = gates;
        List<GatedRows> all = group(topK, experts, indices, gates);
        all.addAll(shared);
        this.byExpert = List.copyOf(all);
    }

    private static List<GatedRows> group(int topK, int experts, int[] indices, double[] gates) {
        int[] counts = new int[experts];
        for (int index : indices) {
            counts[index]++;
        }
        int[][] expertRows = new int[experts][];
        double[][] expertGates = new double[experts][];
        for (int e = 0; e < experts; e++) {
            expertRows[e] = new int[counts[e]];
            expertGates[e] = new double[counts[e]];
        }
        Arrays.fill(counts, 0);
        for (int slot = 0; slot < indices.length; slot++) {
            int e = indices[slot];
            expertRows[e][counts[e]] = slot / topK;
            expertGates[e][counts[e]++] = gates[slot];
        }
        List<GatedRows> byExpert = new ArrayList<>();
        for (int e = 0; e < experts; e++) {
            byExpert.add(new GatedRows(expertRows[e], expertGates[e]));
        }
        return byExpert;
    }

    /** Returns the number of rows in the batch. */
    public int rows() {
        return rows;
    }

    /** Returns how many experts a row chooses; shared experts do not count. */
    public int topK() {
        return topK;
    }

    /** Returns the number of experts there are, the shared ones included. */
    public int experts() {
        return byExpert.size();
    }

    /**
     * Returns the expert that is the {@code k}-th choice of a row, by falling score.
     *
     * @throws IndexOutOfBoundsException if there is no such row or choice
     */
    public int index(int row, int k) {
        return indices[slot(row, k)];
    }

    /**
     * Returns the gate of the {@code k}-th choice of a row.
     *
     * @throws IndexOutOfBoundsException if there is no such row or choice
     */
    public double gate(int row, int k) {
        return gates[slot(row, k)];
    }

    private int slot(int row, int k) {
        return Objects.checkIndex(row, rows) * topK + Objects.checkIndex(k, topK);
    }

    /** Returns the rows that go to an expert, ascending, with their gates; the numbers of shared experts are the last ones. */
    public GatedRows expert(int expert) {
        return byExpert.get(expert);
    }

    /** Returns {@link #expert} of every expert, in ascending order. */
    public List<GatedRows> byExpert() {
        return byExpert;
    }

    /** Returns {@link #byExpert} for rows {@code from} to {@code to} alone, which are numbered from 0 there. */
    public List<GatedRows> byExpert(int from, int to) {
        if (from == 0 && to == rows) {
            return byExpert;
        }
        return byExpert.stream().map(gated -> part(gated, from, to)).toList();
    }

    private static GatedRows part(GatedRows gated, int from, int to) {
        int first = gated.position(from);
        int last = gated.position(to);
        int[] rows = Arrays.copyOfRange(gated.rows(), first, last);
        for (int i = 0; i < rows.length; i++) {
            rows[i] -= from;
        }
        return new GatedRows(rows, Arrays.copyOfRange(gated.gates(), first, last));
    }
}
