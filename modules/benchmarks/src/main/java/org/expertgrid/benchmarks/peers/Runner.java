package org.expertgrid.benchmarks.peers;

import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.kernels.Matrix;

/**
 * A prepared peer: it holds the weights of an example and computes the layer for its rows.
 *
 * <p>For one thread.
 */
public interface Runner extends Subject, AutoCloseable {
    /** Prepares for calls with that many rows, which use the {@link Example#blocks} of the example in turn. */
    void use(int batch);

    /** Returns the result of the call of that number. */
    Matrix result(int number);

    @Override
    void close();
}
