package org.expertgrid.chaos;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import org.expertgrid.chaos.cluster.ChaosCluster;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.chaos.load.Verifier;

/** A model on a cluster, and those that call it while faults happen. For one thread. */
interface Load extends AutoCloseable {
    /** Deploys the model on a cluster that has just been started. */
    interface Source {
        Load on(ChaosCluster cluster);
    }

    /** Starts the callers. */
    List<Verifier> callers(Tally tally);

    /**
     * Has the callers that use the member in this JVM use another one.
     *
     * @param tally counts what has been asked through the member that they used before
     * @return releases the member that they used before; to be called once they have had answers by the other one
     */
    Runnable use(HazelcastInstance member, Tally tally);

    /** Counts what the callers have asked for, when they have ended. */
    void count(Tally tally);

    @Override
    void close();
}
