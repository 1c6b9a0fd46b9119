package org.expertgrid.cluster.shards;

/** Hazelcast's numbers for our serialisers, above those that applications commonly take. */
public final class SerializerIds {
    static final int SHARD_KEY = 0x58470001;
    static final int SHARD_TILE = 0x58470002;
    public static final int MODEL_RECORD = 0x58470003;

    private SerializerIds() {}
}
