/**
 * The member's side: computes with the shards that the member holds.
 *
 * <pre>
 *   task --Admission--> LinearShardWorker --PackedSlices--> products on all cores --> reply
 *                         |                  SliceMerger, HeapRoom
 *                         +--> MemberReports, WorkerCounters
 * </pre>
 *
 * <p>One task computes at a time, on all cores. A task that waits too long for its turn is answered BUSY.
 */
package org.expertgrid.cluster.worker;
