/**
 * The map of models: what is deployed, and what is being done with it.
 *
 * <pre>
 *   name --> ModelRecord  DEPLOYING --> READY --> REMOVING --> gone       map expertgrid.models --ModelStore--> files
 *               Claim     changes the record every few seconds while a process works on the model
 *               Removals  remembers for a day what was removed            map expertgrid.removed
 * </pre>
 */
package org.expertgrid.cluster.models;
