/**
 * NumPy's legacy generator, and the seed's generators by name.
 *
 * <pre>
 *   NamedRandomStates --enter("expert")--> RandomState --randn(n)--> the numbers that NumPy draws
 * </pre>
 */
package org.expertgrid.experts.numpy;
