package org.expertgrid.kernels;

/**
 * Java loops that the JIT compiler vectorises by itself, on any JDK and without any module.
 *
 * <p>Each element is one sum over k from the first to the last, as in {@link VectorKernels} and with the same bits. The
 * loops run over columns and are in {@link PlainDoubles} and {@link PlainFloats}; their bodies are as large as the
 * compiler of JDK 17 still vectorises (a body one step larger runs at a third of the speed, without a word), and each
 * operand is an array of its own, because it does not vectorise over two places of one array.
 */
final class PlainKernels implements Kernels {
    static final String NAME = "plain";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return NAME + (FusedMultiplyAdd.FAST ? ", fused multiply-add" : ", multiply and add");
    }

    @Override
    public PackedWeights pack(Matrix weight, Matrix bias) {
        Shapes.weight(weight, bias);
        return new PlainWeights(weight, bias);
    }

    @Override
    public PackedRows rows(ElementType type) {
        return new RowMajorRows(NAME, type);
    }

    @Override
    public void gather(Matrix x, int[] selection, int from, int to, PackedRows target) {
        Shapes.gather(NAME, x, selection, from, to, target);
        ((RowMajorRows) target).gather(x, selection, from, to);
    }

    @Override
    public void multiply(PackedRows rows, PackedWeights weights, Region region, Activation activation, Target target) {
        Shapes.product(NAME, rows, weights, region, target);
        RowMajorRows left = (RowMajorRows) rows;
        PlainWeights right = (PlainWeights) weights;
        switch (weights.elementType()) {
            case FLOAT64 -> PlainDoubles.multiply(left, right, region, activation, target);
            case FLOAT32 -> PlainFloats.multiply(left, right, region, activation, target);
        }
    }
}
