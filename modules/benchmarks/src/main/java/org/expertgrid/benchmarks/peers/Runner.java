package org.expertgrid.benchmarks.peers;

import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.kernels.Matrix;

/**
 * Somebody who has the weights of an example, and takes its rows through the layer.
 *
 * <p>For one thread.
 */
public interface Runner extends Subject, AutoCloseable {
    /** Makes ready for calls with that many rows: the {@link Example#blocks} of the example, taken in turn. */
    void use(int batch);

    /** Returns what the call of that number computes. */
    Matrix result(int number);

    @Override
    void close();
}
