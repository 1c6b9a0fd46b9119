package org.expertgrid.cluster.layout;

/**
 * The size of one rank's slice of one weight.
 *
 * @param inputs its rows
 * @param outputs its columns
 */
public record SliceShape(int inputs, int outputs) {}
