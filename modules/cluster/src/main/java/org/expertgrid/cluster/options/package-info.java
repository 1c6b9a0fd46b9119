/**
 * The options that callers choose when they deploy a model or connect to one.
 *
 * <pre>
 *   deploy   Exchange: CONCAT or REDUCE, DeploymentProgress: is called after each large expert, or some small ones
 *   call     CallerOptions: deadline, bytes under way, batching window
 * </pre>
 */
package org.expertgrid.cluster.options;
