/**
 * Asks members how they and the models are, and makes the records of the room {@code status}.
 *
 * <pre>
 *   StatusReader --Describe, Examine--> every member once --> ClusterStatus, ModelStatus, ModelHealth
 * </pre>
 */
package org.expertgrid.cluster.inspection;
