/**
 * The product by ojAlgo, an implementation of others, by which ours are checked; and matrices from ojAlgo and for it.
 *
 * <pre>
 *   panels --widen--> ojAlgo store, transposed
 *                          |
 *   one row -- multiply ---+--> sums --> Target
 * </pre>
 */
package org.expertgrid.kernels.ojalgo;
