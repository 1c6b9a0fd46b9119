/**
 * The member's side: computes with the shards that the member holds.
 *
 * <pre>
 *   task --> TaskEndpoint -----request-----> LinearShardWorker ------> SliceProducts --Turns--> products on all cores --> reply
 *              Admission, decodes, encodes     |        |                TaskWeights, TileReader
 *                                              |        +--> TileUpkeep (CollectingTimes), WarmUps
 *                                              +--> MemberReports, WorkerCounters
 * </pre>
 *
 * <p>One task computes at a time, on all cores. A task that waits too long for its turn is answered BUSY.
 */
package org.expertgrid.cluster.worker;
