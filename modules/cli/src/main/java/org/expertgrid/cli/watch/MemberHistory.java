package org.expertgrid.cli.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.server.page.ClusterView.Event;
import org.expertgrid.server.page.ClusterView.EventKind;
import org.expertgrid.server.page.ClusterView.Member;

/**
 * The members of a cluster from one look to the next: who has come, who has gone, and which ranks have moved.
 *
 * <p>For one thread.
 */
final class MemberHistory {
    private static final Duration LOST_SHOWN = Duration.ofMinutes(5);
    private static final int EVENTS_KEPT = 50;

    private final Map<String, Seen> members = new LinkedHashMap<>();
    private final Deque<Event> events = new ArrayDeque<>();
    private Map<Integer, String> owners = Map.of();
    private boolean begun;

    /** A member, and when it was there last. */
    private record Seen(Member member, Instant last) {
        Seen lost() {
            return new Seen(new Member(member.name(), false, List.of(), 0, member.maximalHeap()), last);
        }
    }

    /**
     * Takes one look at the cluster. The first look makes no events.
     *
     * @param present the members that there are now
     * @param ranks the ranks that each member answers for, by its address
     */
    void observe(Instant now, List<MemberStatus> present, Map<String, List<Integer>> ranks) {
        Map<String, MemberStatus> byAddress = new LinkedHashMap<>();
        present.forEach(status -> byAddress.put(status.address(), status));
        forgetOld(now, byAddress);
        for (Map.Entry<String, Seen> known : members.entrySet()) {
            if (known.getValue().member().up() && !byAddress.containsKey(known.getKey())) {
                add(now, EventKind.LOST, known.getKey() + " is lost");
                known.setValue(known.getValue().lost());
            }
        }
        byAddress.forEach((address, status) -> {
            Seen before = members.get(address);
            if (begun && (before == null || !before.member().up())) {
                add(now, EventKind.JOINED, address + (before == null ? " has joined" : " is back"));
            }
            List<Integer> own = ranks.getOrDefault(address, List.of());
            Member member = new Member(address, true, own, status.heapUsed(), status.heapMaximum());
            members.put(address, new Seen(member, now));
        });
        tellMoves(now, ranks);
        begun = true;
    }

    private void forgetOld(Instant now, Map<String, MemberStatus> present) {
        members.entrySet()
                .removeIf(known -> !present.containsKey(known.getKey())
                        && known.getValue().last().plus(LOST_SHOWN).isBefore(now));
    }

    private void tellMoves(Instant now, Map<String, List<Integer>> ranks) {
        Map<Integer, String> after = new TreeMap<>();
        ranks.forEach((address, numbers) -> numbers.forEach(rank -> after.put(rank, address)));
        Map<String, List<Integer>> moves = new LinkedHashMap<>();
        after.forEach((rank, address) -> {
            String from = owners.get(rank);
            if (from != null && !from.equals(address)) {
                moves.computeIfAbsent(from + " to " + address, move -> new ArrayList<>())
                        .add(rank);
            }
        });
        moves.forEach((move, numbers) -> add(now, EventKind.MOVED, named(numbers) + " moved from " + move));
        owners = after;
    }

    private static String named(List<Integer> ranks) {
        String numbers = ranks.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return (ranks.size() == 1 ? "rank " : "ranks ") + numbers;
    }

    private void add(Instant at, EventKind kind, String text) {
        events.addLast(new Event(at, kind, text));
        if (events.size() > EVENTS_KEPT) {
            events.removeFirst();
        }
    }

    /** Returns the members in the order in which they were first seen; those that are lost stay for five minutes. */
    List<Member> members() {
        return members.values().stream().map(Seen::member).toList();
    }

    /** Returns the latest events, the newest last. */
    List<Event> events() {
        return List.copyOf(events);
    }
}
