package org.expertgrid.kernels;

/**
 * One product of {@link VectorKernels} in double precision: which tiles there are, and in which order they are computed.
 * {@link VectorFloats} is its twin.
 */
final class VectorDoubles {
    private static final int GROUP = InterleavedRows.GROUP;

    /** So many bytes of rows meet all panels before the next rows do: they stay in the third-level cache meanwhile. */
    private static final int ROW_BYTES = 1 << 20;

    /** These rows meet so many bytes of panels before they meet the next: those stay in the second-level cache. */
    private static final int PANEL_BYTES = 1 << 18;

    private final InterleavedRows rows;
    private final ColumnPanels weights;
    private final Region region;
    private final Activation activation;
    private final Target target;
    private final int depth;
    private final int panelWidth;
    private final double[] tile;

    VectorDoubles(InterleavedRows rows, ColumnPanels weights, Region region, Activation activation, Target target) {
        this.rows = rows;
        this.weights = weights;
        this.region = region;
        this.activation = activation;
        this.target = target;
        depth = weights.inputs();
        panelWidth = weights.panelWidth();
        tile = new double[2 * GROUP * panelWidth];
    }

    void multiply() {
        int panel = region.fromPanel();
        if (region.toRow() - region.fromRow() == 1) {
            for (; panel + 3 < region.toPanel(); panel += 4) {
                int x = rows.index(region.fromRow(), 0);
                VectorKernels.oneRowFourPanels(rows.doubles(), x, depth, weights.doubles(), weights.start(panel), tile);
                finish(region.fromRow(), 1, panel, 4);
            }
        }
        int first = region.fromRow() - region.fromRow() % GROUP;
        int groups = (region.toRow() - first + GROUP - 1) / GROUP;
        long groupBytes = Math.max(1, (long) depth * GROUP * Double.BYTES);
        int together = (int) Math.max(2, ROW_BYTES / groupBytes);
        for (int group = 0; group < groups; group += together) {
            multiplyGroups(first + group * GROUP, Math.min(together, groups - group), panel);
        }
    }

    /** Multiplies groups of rows with all panels from {@code fromPanel} on. */
    private void multiplyGroups(int row, int groups, int fromPanel) {
        long panelBytes = Math.max(1, (long) depth * panelWidth * Double.BYTES);
        int together = (int) Math.max(2, PANEL_BYTES / panelBytes);
        for (int panel = fromPanel; panel < region.toPanel(); panel += together) {
            multiplyTiles(row, groups, panel, Math.min(panel + together, region.toPanel()));
        }
    }

    /** The first rows bring the panels from memory; four of them leave registers for two panels, which come faster together. */
    private void multiplyTiles(int firstRow, int groups, int fromPanel, int toPanel) {
        int row = firstRow;
        int left = groups;
        while (left > 0) {
            boolean eight = VectorKernels.MANY_REGISTERS && left < groups && left % 2 == 0;
            if (eight) {
                eightRows(row, fromPanel, toPanel);
            } else {
                fourRows(row, fromPanel, toPanel);
            }
            row += eight ? 2 * GROUP : GROUP;
            left -= eight ? 2 : 1;
        }
    }

    private void eightRows(int row, int fromPanel, int toPanel) {
        for (int panel = fromPanel; panel < toPanel; panel++) {
            VectorKernels.eightRows(rows.doubles(), row * depth, depth, weights.doubles(), weights.start(panel), tile);
            finish(row, 2 * GROUP, panel, 1);
        }
    }

    private void fourRows(int row, int fromPanel, int toPanel) {
        int panel = fromPanel;
        for (; VectorKernels.MANY_REGISTERS && panel + 1 < toPanel; panel += 2) {
            VectorKernels.fourRowsTwoPanels(
                    rows.doubles(), row * depth, depth, weights.doubles(), weights.start(panel), tile);
            finish(row, GROUP, panel, 2);
        }
        for (; panel < toPanel; panel++) {
            VectorKernels.fourRows(rows.doubles(), row * depth, depth, weights.doubles(), weights.start(panel), tile);
            finish(row, GROUP, panel, 1);
        }
    }

    /** Adds the bias to a tile, and hands on the rows of it that belong to the region. */
    private void finish(int row, int height, int panel, int panels) {
        int stride = panels * panelWidth;
        int column = panel * panelWidth;
        weights.addBias(column, tile, stride, height);
        activation.apply(tile, 0, height * stride);
        int from = Math.max(row, region.fromRow());
        int count = Math.min(row + height, region.toRow()) - from;
        int width = Math.min(stride, weights.outputs() - column);
        target.put(tile, (from - row) * stride, stride, from, column, count, width);
    }
}
