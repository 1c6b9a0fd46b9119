/**
 * Reads safetensors files: the format in which checkpoints are published.
 *
 * <pre>
 *   model.safetensors                     ---+
 *                                            +--->  Tensors  ---get(name)--->  Tensor  ---read(offset, count)--->  bytes
 *   model.safetensors.index.json  --names----+      headers,                   name, type,                         one part of
 *   model-00001-of-00003.safetensors, ...           checked                    shape                               one tensor
 * </pre>
 *
 * {@link org.expertgrid.checkpoints.safetensors.Tensors} reads the headers and checks every rule of the format: the length of the
 * header against the length of the file, names, types, shapes, and offsets without a gap or an overlap. A file that breaks a
 * rule is refused with its name and the reason. Nothing is allocated for a length that the file only claims.
 *
 * <p>{@link org.expertgrid.checkpoints.safetensors.Tensor} reads elements when it is asked, a part at a time, so a tensor may be larger
 * than the memory or than a Java array. It reads with positional reads and not through a memory mapping: the access to a mapped file that another
 * process has made shorter is a fault of the JVM, and a read of it is an ordinary error.
 */
package org.expertgrid.checkpoints.safetensors;
