/**
 * Measurements of the other modules, beside others that do the same and beside what the machine allows.
 */
package org.expertgrid.benchmarks;
