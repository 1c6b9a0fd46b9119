package org.expertgrid.chaos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final List<FaultKind> ALL = Arrays.asList(FaultKind.values());

    @Test
    void theSameSeedGivesTheSameSchedule() {
        assertThat(Schedule.draw(5, 40, ALL)).isEqualTo(Schedule.draw(5, 40, ALL));
        assertThat(Schedule.draw(6, 40, ALL)).isNotEqualTo(Schedule.draw(5, 40, ALL));
    }

    @Test
    void everyKindComesOnceBeforeOneComesAgain() {
        assertThat(Schedule.draw(1, ALL.size(), ALL).faults())
                .extracting(Fault::kind)
                .containsExactlyInAnyOrderElementsOf(ALL);
    }

    @Test
    void everyKindMeetsEveryVictim() {
        Schedule schedule = Schedule.draw(2, 3 * ALL.size(), ALL);

        assertThat(schedule.faults().stream()
                        .collect(Collectors.groupingBy(
                                Fault::kind, Collectors.mapping(Fault::victim, Collectors.toSet()))))
                .hasSize(ALL.size())
                .allSatisfy((kind, victims) -> assertThat(victims).containsExactlyInAnyOrder(Victim.values()));
    }

    @Test
    void faultsOfOneClusterStandTogether() {
        Schedule schedule = Schedule.draw(3, 30, ALL);

        assertThat(schedule.faults())
                .extracting(fault -> fault.kind().arrangement())
                .isSorted();
        assertThat(Arrays.stream(Arrangement.values())
                        .mapToInt(arrangement -> schedule.of(arrangement).size())
                        .sum())
                .isEqualTo(30);
    }

    @Test
    void pausesTakeOneToTenSeconds() {
        assertThat(Schedule.draw(4, 200, List.of(FaultKind.PAUSE)).faults())
                .extracting(Fault::seconds)
                .contains(1, 10)
                .allMatch(seconds -> seconds >= 1 && seconds <= 10);
    }
}
