/**
 * What callers choose when they deploy or connect to a model.
 *
 * <pre>
 *   deploy   Exchange: CONCAT or REDUCE, DeploymentProgress: is called after each expert
 *   call     CallerOptions: deadline, bytes under way, batching window
 * </pre>
 */
package org.expertgrid.cluster.options;
