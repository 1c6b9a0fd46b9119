package org.expertgrid.chaos;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.function.Function;
import org.expertgrid.chaos.cluster.ChaosCluster;
import org.expertgrid.chaos.load.Answers;
import org.expertgrid.chaos.load.Tally;
import org.expertgrid.chaos.load.Verifier;
import org.expertgrid.cluster.status.MoeStatistics;

/** A model on a cluster, and those that call it while faults happen. For one thread. */
interface Load extends AutoCloseable {
    /**
     * A load that has not been started.
     *
     * @param answers what the callers receive
     * @param start deploys the model on a cluster that has just been started
     */
    record Source(Answers answers, Function<ChaosCluster, Load> start) {
        Load on(ChaosCluster cluster) {
            return start.apply(cluster);
        }
    }

    /** Starts the callers. */
    List<Verifier> callers(Tally tally);

    /**
     * Has the callers that use the member in this JVM use another one.
     *
     * @return what releases the member that they used before, once they have had answers by the other one
     */
    Runnable use(HazelcastInstance member);

    /** Returns what the handles on the model have counted, those that were released included. */
    List<MoeStatistics> statistics();

    @Override
    void close();
}
