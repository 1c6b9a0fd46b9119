package org.expertgrid.cluster.local;

import com.hazelcast.config.Config;

/**
 * Adds to the configuration of every member of a {@link LocalCluster}, for example serializers of an application's own tasks.
 * Implementations are found by {@link java.util.ServiceLoader} on the class path, which members inherit.
 */
public interface MemberSetup {
    /** Changes the configuration of a member that is about to start. */
    void addTo(Config config);
}
