package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepGroupsTest {
    private static List<Chunk> chunks(int... rows) {
        return IntStream.of(rows)
                .mapToObj(count -> new Chunk(null, new int[count], 1))
                .toList();
    }

    private static int rows(List<Chunk> chunks) {
        return chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum();
    }

    @Test
    void groupsHaveAboutHalfOfTheRowsAndKeepTheOrder() {
        StepGroups groups = new StepGroups(2);
        assertThat(groups.forward(chunks(1, 1, 1, 1, 1, 1, 1, 1), StepGroupsTest::rows))
                .containsExactly(4, 4);
        assertThat(groups.forward(chunks(100, 1, 1), StepGroupsTest::rows)).containsExactly(100, 2);
        assertThat(groups.forward(chunks(1, 1, 100), StepGroupsTest::rows)).containsExactly(2, 100);
        assertThat(groups.forward(chunks(7), StepGroupsTest::rows)).containsExactly(7);
        assertThat(new StepGroups(1).forward(chunks(1, 1), StepGroupsTest::rows))
                .containsExactly(2);
    }

    @Test
    void bothGroupsAreUnderWayAtTheSameTime() {
        CyclicBarrier meeting = new CyclicBarrier(2);
        List<Integer> results = new StepGroups(2).forward(chunks(3, 3), group -> {
            try {
                meeting.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            return rows(group);
        });
        assertThat(results).containsExactly(3, 3);
    }

    @Test
    void theExceptionOfEitherGroupIsThrownWhenBothHaveEnded() {
        for (int failing = 1; failing <= 2; failing++) {
            int failingRows = failing;
            Set<Integer> ended = ConcurrentHashMap.newKeySet();
            assertThatThrownBy(() -> new StepGroups(2).forward(chunks(1, 2), group -> {
                        ended.add(rows(group));
                        if (rows(group) == failingRows) {
                            throw new IllegalStateException("no experts");
                        }
                        return group;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no experts");
            assertThat(ended).hasSize(2);
        }
    }
}
