package org.expertgrid.chaos.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Faults in the order in which they are injected. The same seed gives the same schedule on every JVM.
 *
 * @param seed the seed that the faults were drawn from
 * @param faults the faults, sorted by the arrangement of the cluster that they need
 */
public record Schedule(long seed, List<Fault> faults) {
    private static final int LONGEST_PAUSE_SECONDS = 10;

    /**
     * Draws that many faults. Every kind comes once before a kind comes again, and a kind that comes twice has hit every
     * {@link Victim}.
     */
    public static Schedule draw(long seed, int count, List<FaultKind> kinds) {
        Random random = new Random(seed);
        Map<FaultKind, Integer> victims = new EnumMap<>(FaultKind.class);
        kinds.forEach(kind -> victims.put(kind, random.nextInt(Victim.values().length)));
        List<Fault> faults = new ArrayList<>();
        while (faults.size() < count) {
            List<FaultKind> shuffled = new ArrayList<>(kinds);
            Collections.shuffle(shuffled, random);
            for (FaultKind kind : shuffled.subList(0, Math.min(shuffled.size(), count - faults.size()))) {
                int turn = victims.merge(kind, 1, Integer::sum);
                Victim victim = Victim.values()[turn % Victim.values().length];
                faults.add(new Fault(kind, victim, 1 + random.nextInt(LONGEST_PAUSE_SECONDS)));
            }
        }
        faults.sort(Comparator.comparing(fault -> fault.kind().arrangement()));
        return new Schedule(seed, List.copyOf(faults));
    }

    /** Returns the faults of one arrangement, in their order. */
    public List<Fault> of(Arrangement arrangement) {
        return faults.stream()
                .filter(fault -> fault.kind().arrangement() == arrangement)
                .toList();
    }
}
