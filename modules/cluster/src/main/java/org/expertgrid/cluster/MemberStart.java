package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import org.expertgrid.cluster.upkeep.Housekeeping;
import org.expertgrid.cluster.upkeep.Timings;
import org.expertgrid.cluster.wire.Worker;
import org.expertgrid.cluster.worker.TaskEndpoint;

/**
 * Starts a member's worker and housekeeping when the member has started, and ends them when it has ended. Hazelcast makes it by the
 * name in the configuration of every member, and calls it on the thread that starts or ends the member.
 */
public final class MemberStart implements LifecycleListener, HazelcastInstanceAware {
    private HazelcastInstance member;
    private TaskEndpoint endpoint;
    private Housekeeping housekeeping;

    /** For Hazelcast. */
    public MemberStart() {}

    @Override
    public void setHazelcastInstance(HazelcastInstance hazelcast) {
        this.member = hazelcast;
    }

    @Override
    public synchronized void stateChanged(LifecycleEvent event) {
        switch (event.getState()) {
            case STARTED -> start();
            case SHUTDOWN -> stop();
            default -> {}
        }
    }

    private void start() {
        // Read first: an invalid value throws, and nothing has been started yet.
        long rebalanceSeconds = ExpertgridConfig.rebalanceSeconds(member.getConfig());
        endpoint = TaskEndpoint.start(member, () -> ExpertgridConfig.missingFrom(member.getConfig()));
        if (ExpertgridConfig.warmsUp(member.getConfig())) {
            endpoint.warmUp();
        }
        housekeeping = new Housekeeping(member, Timings.of(member, rebalanceSeconds), endpoint::tidy);
    }

    private void stop() {
        if (endpoint != null) {
            member.getUserContext().remove(Worker.KEY);
            housekeeping.stop();
            endpoint.stop();
        }
    }
}
