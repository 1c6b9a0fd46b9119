/**
 * Reads and writes NumPy's {@code .npy} files, and the weights of a layer that are kept in a directory of them.
 *
 * <pre>
 *   directory                  NpyWeights                     NpyFile
 *   router.weight.npy    ---+
 *   expert0.fc1.weight.npy  +--> all headers checked, --one expert at a time--> Matrix
 *   expert0.fc1.bias.npy ---+    then nothing read
 * </pre>
 *
 * {@link org.expertgrid.checkpoints.npy.NpyFile} reads one file into a matrix and writes a matrix into one, byte for byte as NumPy does.
 * {@link org.expertgrid.checkpoints.npy.NpyWeights} is a layer of plain experts, the kind that the seed has. Nothing of a file is
 * evaluated, and nothing is allocated for elements that a file only claims.
 */
package org.expertgrid.checkpoints.npy;
