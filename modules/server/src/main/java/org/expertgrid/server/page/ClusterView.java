package org.expertgrid.server.page;

import java.time.Instant;
import java.util.List;

/**
 * The cluster as the page shows it.
 *
 * @param members in the order in which they appear
 * @param events the latest ones, the newest last
 * @param heat for each layer with experts, how many rows each expert has had lately
 * @param forwards how many forwards of layers have been asked for
 * @param hedges how many requests were also sent to the holder of a backup
 * @param retries how many requests were sent again
 */
public record ClusterView(
        List<Member> members, List<Event> events, List<LayerHeat> heat, long forwards, long hedges, long retries) {
    /** A cluster of which nothing is known, as for a model in this JVM. */
    public static final ClusterView NONE = new ClusterView(List.of(), List.of(), List.of(), 0, 0, 0);

    public ClusterView {
        members = List.copyOf(members);
        events = List.copyOf(events);
        heat = List.copyOf(heat);
    }

    /**
     * A member.
     *
     * @param up whether it takes part; one that has left stays in the list for a while
     * @param ranks the ranks that it answers for
     */
    public record Member(String name, boolean up, List<Integer> ranks, long usedHeap, long maximalHeap) {}

    /** The events of a member. */
    public enum EventKind {
        JOINED,
        LOST,
        MOVED
    }

    /** Something that has happened, with a sentence that tells it. */
    public record Event(Instant at, EventKind kind, String text) {}

    /** How many rows each expert of a layer has had lately, in the experts' order. */
    public record LayerHeat(int layer, List<Long> rows) {}
}
