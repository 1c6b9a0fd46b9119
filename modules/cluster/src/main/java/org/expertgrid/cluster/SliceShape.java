package org.expertgrid.cluster;

/**
 * The size of one rank's slice of one weight.
 *
 * @param inputs its rows
 * @param outputs its columns
 */
record SliceShape(int inputs, int outputs) {}
