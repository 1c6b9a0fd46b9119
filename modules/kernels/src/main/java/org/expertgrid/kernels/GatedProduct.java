package org.expertgrid.kernels;

/** Both products of a gated expert's first half, a part of a region at a time, so that they meet in the nearest caches. */
final class GatedProduct {
    /** So many elements of each product are computed before they are combined. */
    private static final int MOST_ELEMENTS = 1 << 14;
    /** Kernels take up to so many panels side by side. */
    private static final int FEWEST_PANELS = 8;

    private final Kernels kernels;
    private final PackedRows rows;
    private final PackedWeights gate;
    private final PackedWeights up;
    private final GatedActivation activation;
    private final Target target;

    GatedProduct(
            Kernels kernels,
            PackedRows rows,
            PackedWeights gate,
            PackedWeights up,
            GatedActivation activation,
            Target target) {
        this.kernels = kernels;
        this.rows = rows;
        this.gate = gate;
        this.up = up;
        this.activation = activation;
        this.target = target;
    }

    void multiply(Region region) {
        int width = gate.panelWidth();
        int panels = Math.min(FEWEST_PANELS, region.toPanel() - region.fromPanel());
        int height = Math.min(region.toRow() - region.fromRow(), MOST_ELEMENTS / (FEWEST_PANELS * width));
        if (panels == 0 || height == 0) {
            return;
        }
        Part gates = new Part(rows, gate, height * panels * width);
        Part ups = new Part(rows, gate, height * panels * width);
        for (int panel = region.fromPanel(); panel < region.toPanel(); panel += panels) {
            int toPanel = Math.min(panel + panels, region.toPanel());
            for (int row = region.fromRow(); row < region.toRow(); row += height) {
                multiplyPart(new Region(row, Math.min(row + height, region.toRow()), panel, toPanel), gates, ups);
            }
        }
    }

    private void multiplyPart(Region region, Part gates, Part ups) {
        gates.cover(region, gate);
        ups.cover(region, up);
        kernels.multiply(rows, gate, region, Activation.IDENTITY, gates);
        kernels.multiply(rows, up, region, Activation.IDENTITY, ups);
        int height = region.toRow() - region.fromRow();
        int count = height * gates.width;
        switch (gates.elementType()) {
            case FLOAT64 -> {
                activation.apply(gates.doubles, ups.doubles, count);
                target.put(
                        gates.doubles,
                        0,
                        gates.width,
                        region.fromRow(),
                        gates.firstColumn,
                        height,
                        gates.width,
                        RowLoops.PLAIN);
            }
            case FLOAT32 -> {
                activation.apply(gates.floats, ups.floats, count);
                target.put(
                        gates.floats,
                        0,
                        gates.width,
                        region.fromRow(),
                        gates.firstColumn,
                        height,
                        gates.width,
                        RowLoops.PLAIN);
            }
        }
    }

    /** The target of one product that keeps a region of it, row after row. */
    static final class Part extends Target {
        private final ElementType type;
        private final int rows;
        private final int columns;
        private final double[] doubles;
        private final float[] floats;
        private int firstRow;
        private int firstColumn;
        private int width;

        private Part(PackedRows rows, PackedWeights weights, int elements) {
            this.type = rows.elementType();
            this.rows = rows.rows();
            this.columns = weights.outputs();
            this.doubles = type == ElementType.FLOAT64 ? new double[elements] : null;
            this.floats = type == ElementType.FLOAT32 ? new float[elements] : null;
        }

        private void cover(Region region, PackedWeights weights) {
            firstRow = region.fromRow();
            firstColumn = region.fromPanel() * weights.panelWidth();
            width = Math.min(region.toPanel() * weights.panelWidth(), columns) - firstColumn;
        }

        @Override
        public ElementType elementType() {
            return type;
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int columns() {
            return columns;
        }

        @Override
        public void put(
                double[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
            put((Object) tile, doubles, from, stride, row, column, rows, columns);
        }

        @Override
        public void put(
                float[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
            put((Object) tile, floats, from, stride, row, column, rows, columns);
        }

        /** An Object is a double[] or a float[]: all that is done with them is System.arraycopy. */
        private void put(Object tile, Object to, int from, int stride, int row, int column, int rows, int columns) {
            for (int i = 0; i < rows; i++) {
                int at = (row - firstRow + i) * width + column - firstColumn;
                System.arraycopy(tile, from + i * stride, to, at, columns);
            }
        }
    }
}
