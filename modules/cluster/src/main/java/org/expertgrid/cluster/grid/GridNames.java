package org.expertgrid.cluster.grid;

/** The names of the maps and executors that Expertgrid uses in a Hazelcast cluster. */
public final class GridNames {
    /** The map of shards. */
    public static final String SHARDS = "expertgrid.shards";

    /** The map of model records. */
    public static final String MODELS = "expertgrid.models";

    /** The map of the weights of routers. */
    public static final String ROUTERS = "expertgrid.routers";

    /** The map of the ids that were removed. */
    public static final String REMOVED = "expertgrid.removed";

    /** The executor of tasks that compute or read weights. */
    public static final String EXECUTOR = "expertgrid";

    /** The executor of questions and cancellations, which must not wait behind computing tasks. */
    public static final String CONTROL = "expertgrid.control";

    /** The listener that starts Expertgrid on a member; a member whose configuration lacks it has no worker. */
    public static final String START_LISTENER = "org.expertgrid.cluster.MemberStart";

    private GridNames() {}
}
