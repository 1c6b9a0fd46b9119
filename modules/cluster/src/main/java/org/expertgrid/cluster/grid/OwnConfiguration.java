package org.expertgrid.cluster.grid;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;

/**
 * The configuration of a client, which the client finds in its own user context. A configuration compares its user context with another
 * one's, and would compare itself without end there; this object equals every other one of its class instead.
 */
public final class OwnConfiguration {
    private static final String KEY = "expertgrid.client-config";

    private final ClientConfig config;

    private OwnConfiguration(ClientConfig config) {
        this.config = config;
    }

    /** Lets the clients of a configuration find it. */
    public static void putInto(ClientConfig config) {
        config.getUserContext().put(KEY, new OwnConfiguration(config));
    }

    /** Returns a copy of a client's configuration that its clients do not find, or null where the client finds none; so for a member. */
    public static ClientConfig copyOf(HazelcastInstance client) {
        if (!(client.getUserContext().get(KEY) instanceof OwnConfiguration own)) {
            return null;
        }
        ClientConfig copy = new ClientConfig(own.config);
        copy.getUserContext().remove(KEY);
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OwnConfiguration;
    }

    @Override
    public int hashCode() {
        return KEY.hashCode();
    }

    @Override
    public String toString() {
        return "the configuration itself";
    }
}
