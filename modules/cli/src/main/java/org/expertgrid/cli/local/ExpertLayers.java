package org.expertgrid.cli.local;

import org.expertgrid.cli.output.NarrowingReport;
import org.expertgrid.experts.layers.Layer;

/** The MoE layers of a whole model: in this JVM, or on a cluster. */
public interface ExpertLayers extends AutoCloseable {
    /** Returns the layer of that number. */
    Layer layer(int number);

    /** Returns the times of all forwards so far. */
    ExpertTimes times();

    /** Returns what it cost to narrow the layers; no layer where they keep what is stored, or had been deployed before. */
    NarrowingReport narrowing();

    /** Ends the layers and what was started for them. */
    @Override
    void close();
}
