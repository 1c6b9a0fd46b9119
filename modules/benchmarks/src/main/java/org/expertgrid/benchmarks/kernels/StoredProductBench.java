package org.expertgrid.benchmarks.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.WrongAnswerException;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.WeightMatrix.Order;

/**
 * Multiplies the same rows by weights of several formats, in turn, on one thread. Each product is first compared with the product of the
 * widened weights: bit by bit, or, where the format narrows the rows, too, within what that may change.
 *
 * @param kernels what multiplies
 * @param plan the plan of the measurement
 */
record StoredProductBench(Kernels kernels, Rounds.Plan plan) {
    private static final int SEED = 0;

    /** The products in which memory and in which the processor is the limit; no cache holds the weights. */
    static final List<ProductShape> SHAPES =
            List.of(new ProductShape(1, 2048, 8192), new ProductShape(200, 2048, 8192));

    /** The largest error that rows of 8 bits may bring, relative to the product; 0.005 is usual for normally distributed numbers. */
    private static final double LARGEST_ERROR = 0.02;

    private record Stored(WeightFormat format, Product product, double error) {}

    /** Measures one shape with float32 weights and with those of each format, and passes each run to {@code done}. */
    void measure(ProductShape shape, List<WeightFormat> formats, Consumer<StoredProductRun> done) {
        Matrix x = Product.draw(shape.rows(), shape.inputs(), ElementType.FLOAT32);
        Matrix drawn = Product.draw(shape.inputs(), shape.outputs(), ElementType.FLOAT32);
        List<Stored> measured = Stream.concat(Stream.of(WeightFormat.FLOAT32), formats.stream())
                .distinct()
                .map(format -> checked(x, stored(drawn, format)))
                .toList();
        List<Subject> subjects = new ArrayList<>();
        measured.forEach(one -> subjects.add(Subject.of(Output.text(one.format()), one.product()::multiply)));
        List<Measurement> measurements = Rounds.measure(subjects, eachWarmedUp(subjects.size()));
        double float32 = measurements.get(0).times().medianMillis();
        for (int i = 0; i < measured.size(); i++) {
            Stored one = measured.get(i);
            done.accept(new StoredProductRun(
                    one.format(),
                    shape,
                    one.product().weightBytes(),
                    measurements.get(i).times(),
                    float32,
                    one.error()));
        }
    }

    /** A format whose loops are not compiled yet takes a hundred times as long, and leaves little of the time to the others. */
    private Rounds.Plan eachWarmedUp(int subjects) {
        return new Rounds.Plan(
                plan.callers(), plan.warmUp().multipliedBy(subjects), plan.measuring(), plan.pause(), plan.leadIn());
    }

    private Stored checked(Matrix x, WeightMatrix weight) {
        Product product = new Product(kernels, x, weight, null, Product.copies(weight));
        Product widened = new Product(kernels, x, WeightMatrix.of(weight.toMatrix()), null, 1);
        product.multiply(0);
        widened.multiply(0);
        boolean same = product.result().equals(widened.result());
        if (!same && !weight.format().narrowsRows()) {
            throw new WrongAnswerException(
                    weight + ": the product has other bits than that of the widened weights (expected: the same)");
        }
        double error = Narrowing.relativeError(
                widened.result().toDoubleArray(), product.result().toDoubleArray());
        if (!(error <= LARGEST_ERROR)) {
            throw new WrongAnswerException(weight + ": the product's relative error is " + error
                    + " (expected: at most " + LARGEST_ERROR + ")");
        }
        return new Stored(weight.format(), product, error);
    }

    /** Returns weights of a format: drawn numbers where they can be narrowed to it, else random codes of finite numbers. */
    private static WeightMatrix stored(Matrix drawn, WeightFormat format) {
        int inputs = drawn.rows();
        int outputs = drawn.columns();
        return switch (format) {
            case FLOAT64 -> WeightMatrix.of(drawn.to(ElementType.FLOAT64));
            case FLOAT32 -> WeightMatrix.of(drawn);
            case BF16, INT8, INT4, W8A8, W4A8 ->
                Narrowing.of(WeightMatrix.of(drawn), format).weight();
            case F16 ->
                WeightMatrix.of(
                        format,
                        Order.OUTPUT_MAJOR,
                        inputs,
                        outputs,
                        // 2^-7 to 2: few numbers of models are subnormal
                        codes(2L * inputs * outputs, 0xBFFF_BFFF, 0x2000_2000));
            case FP8_E4M3 ->
                WeightMatrix.fp8(
                        Order.OUTPUT_MAJOR,
                        inputs,
                        outputs,
                        // 2^-3 to 2: few numbers of models are subnormal
                        codes((long) inputs * outputs, 0xBFBF_BFBF, 0x2020_2020),
                        Product.draw(blocks(outputs), blocks(inputs), ElementType.FLOAT32));
            case MXFP4 ->
                WeightMatrix.mxfp4(
                        inputs,
                        outputs,
                        codes((long) inputs * outputs / 2, -1, 0),
                        // 2^-15 to 1: numbers near the smallest float32, which models do not have, are slow.
                        codes((long) inputs * outputs / format.scaledInputs(), 0x0F0F_0F0F, 0x7070_7070));
        };
    }

    private static int blocks(int size) {
        return (size + WeightFormat.FP8_E4M3.scaledInputs() - 1) / WeightFormat.FP8_E4M3.scaledInputs();
    }

    /** Returns random bytes, without the bits that are not in {@code mask}, and with those in {@code always}. */
    private static ByteBuffer codes(long bytes, int mask, int always) {
        ByteBuffer codes = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(SEED);
        while (codes.remaining() >= Integer.BYTES) {
            codes.putInt(random.nextInt() & mask | always);
        }
        while (codes.hasRemaining()) {
            codes.put((byte) (random.nextInt() & mask | always));
        }
        return codes.flip();
    }
}
