package org.expertgrid.benchmarks.model;

import org.expertgrid.kernels.WeightFormat;

/**
 * The bytes of weights that a step must read, if its tokens choose experts evenly at random.
 *
 * @param front of attention, routers and head
 * @param experts of the experts of all layers
 */
record StepBytes(double front, double experts) {
    private static final int BITS_OF_BYTE = 8;

    /** Returns the bytes of a step that reads so many tokens, with all matrices in that format. */
    static StepBytes of(ModelShape shape, int tokens, WeightFormat format) {
        double experts = shape.layers() * shape.expectedExperts(tokens);
        return new StepBytes(bytes(shape.sharedWeights(), format), bytes(experts * shape.expertWeights(), format));
    }

    /** Returns the bytes of all experts of all layers. */
    static double ofAllExperts(ModelShape shape, WeightFormat format) {
        return bytes((double) shape.layers() * shape.experts() * shape.expertWeights(), format);
    }

    private static double bytes(double weights, WeightFormat format) {
        double bits = format.bits() + (format.scaled() ? (double) Float.SIZE / format.scaledInputs() : 0);
        return weights * bits / BITS_OF_BYTE;
    }

    double total() {
        return front + experts;
    }
}
