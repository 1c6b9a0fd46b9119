package org.expertgrid.benchmarks.kernels;

import java.util.concurrent.TimeUnit;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The products of {@code bench kernels} under JMH: {@code ./run.sh bench jmh}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProductBenchmark {
    @Param({"vector", "plain"})
    private String kernels;

    @Param({"FLOAT64", "FLOAT32"})
    private ElementType element;

    @Param({
        "1x1000x1000",
        "4x1000x1000",
        "16x1000x1000",
        "64x1000x1000",
        "200x1000x1000",
        "973x1000x1000",
        "200x4096x1024"
    })
    private String shape;

    private Product product;
    private int number;

    /** Draws the matrices and packs the weights. */
    @Setup
    public void pack() {
        ProductShape sizes = ProductShape.parse(shape);
        WeightMatrix weight = WeightMatrix.of(Product.draw(sizes.inputs(), sizes.outputs(), element));
        product = new Product(
                KernelsChoice.named(kernels),
                Product.draw(sizes.rows(), sizes.inputs(), element),
                weight,
                Product.draw(1, sizes.outputs(), element),
                Product.copies(weight));
    }

    /** Computes one product, each time with another copy of the weights. */
    @Benchmark
    public void multiply() {
        product.multiply(number++ & Integer.MAX_VALUE);
    }
}
