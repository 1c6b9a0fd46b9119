package org.expertgrid.experts.weights;

/**
 * One of the matrices of an expert, without its numbers.
 *
 * @param role what it is for
 * @param inputs the width of the rows that it multiplies
 * @param outputs the width of its product
 */
public record ExpertMatrix(MatrixRole role, int inputs, int outputs) {}
